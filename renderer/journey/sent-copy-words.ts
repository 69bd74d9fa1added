/** The copy in Sent as a step of its own: where it is now, in one sentence. Pure; claims only what the ledger says. */

import type { Journey } from '../../shared/journey.ts'
import type { Account } from '../../shared/model.ts'
import type { Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'

export type CopyStep = {
  state: 'waiting' | 'filing' | 'filed' | 'failed'
  text: string
}

/** Null while the mail itself is not handed over: there is no copy yet. `account` null where it is gone. */
export function sentCopyStep(
  { state, sentCopy }: Journey,
  account: Pick<Account, 'sentCopy' | 'incoming'> | null,
  now: number,
  words: Words,
  format: Format,
): CopyStep | null {
  switch (sentCopy.state) {
    case 'none':
      return state === 'accepted' ? { state: 'waiting', text: words('journey.copy.waits') } : null
    case 'filing':
      return filing(account, words)
    case 'failed':
      return {
        state: 'failed',
        text:
          sentCopy.retryAt === null
            ? words('journey.copy.failed')
            : words('journey.copy.retries', { time: format.due(Math.max(now, sentCopy.retryAt), now) }),
      }
    case 'filed': {
      const { how, folder } = sentCopy
      if (how === 'local' || folder === null || folder === '') {
        return {
          state: 'filed',
          text: words(how === 'found' ? 'journey.copy.byServerSimply' : 'journey.copy.local'),
        }
      }
      return {
        state: 'filed',
        text: words(how === 'found' ? 'journey.copy.byServer' : 'journey.copy.byUs', { folder }),
      }
    }
  }
}

/** Who files it is what the account has learned; where it has not, both are possible. */
function filing(account: Pick<Account, 'sentCopy' | 'incoming'> | null, words: Words): CopyStep {
  if (account?.incoming.kind === 'pop3') return { state: 'filing', text: words('journey.copy.filingLocal') }
  switch (account?.sentCopy) {
    case 'server-files-it':
      return { state: 'waiting', text: words('journey.copy.waitsForServer') }
    case 'unknown':
      return { state: 'waiting', text: words('journey.copy.looksForServer') }
    default:
      return { state: 'filing', text: words('journey.copy.filing') }
  }
}
