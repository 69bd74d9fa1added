/**
 * Pictures from the internet of one mail: whether they are wanted, and what came. Refuses to ask for them unasked, and
 * to believe a From that the account's own server does not confirm.
 */

import { useState } from 'react'
import { addressKey } from '../../shared/address.ts'
import type { Message } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { FetchedPictures } from '../../shared/remote-pictures.ts'
import { useAsk } from '../ask.ts'
import { useAct } from '../ui/use-act.tsx'

const NONE: FetchedPictures['pictures'] = {}

export type RemotePictures = {
  /** `forbidden`: the settings say never. `here`: as far as they could be had. */
  state: 'forbidden' | 'out' | 'loading' | 'here' | 'failed'
  pictures: FetchedPictures['pictures']
  failed: number
  problem: Problem | null
  sender: string
  isTrusted: boolean
  /** The mail comes from its sender, by the word of the account's own server. */
  isConfirmed: boolean
  load(): void
  trust(isTrusted: boolean): void
}

export function useRemotePictures({ id, from, authentication }: Message): RemotePictures {
  const act = useAct()
  const settings = useAsk('settings.get', [])
  const trusted = useAsk('pictures.trusted', [])
  const [wantedFor, setWantedFor] = useState<string | null>(null)
  const isForbidden = settings.data?.remotePictures !== 'ask'
  const isConfirmed = authentication === 'pass'
  const isTrusted =
    from.address !== '' &&
    (trusted.data ?? []).some(address => addressKey(address) === addressKey(from.address))
  const fetched = useAsk('pictures.fetch', [id], {
    isEnabled: !isForbidden && ((isTrusted && isConfirmed) || wantedFor === id),
  })
  const stateNow = (): RemotePictures['state'] => {
    if (isForbidden) return 'forbidden'
    if (fetched.isFetching) return 'loading'
    if (fetched.isError) return 'failed'
    return fetched.data === undefined ? 'out' : 'here'
  }
  const state = stateNow()
  return {
    state,
    pictures: state === 'forbidden' ? NONE : (fetched.data?.pictures ?? NONE),
    failed: fetched.data?.failed ?? 0,
    problem: fetched.error?.problem ?? null,
    sender: from.address,
    isTrusted,
    isConfirmed,
    load() {
      setWantedFor(id)
      if (fetched.data !== undefined || fetched.isError) void fetched.refetch()
    },
    trust(isTrustedNow) {
      // Who says always means this mail too, confirmed or not.
      setWantedFor(isTrustedNow ? id : null)
      void act('pictures.trust', from.address, isTrustedNow)
    },
  }
}
