/** Whether there is no network: the system says so, or every account has found it out. */

import { useNetwork } from '@mantine/hooks'
import { useAsk } from '../ask.ts'
import { footOf } from '../frame/account-state.ts'

export function useIsOffline(): boolean {
  const statuses = useAsk('app.status', [])
  const { online } = useNetwork()
  return footOf(statuses.data ?? [], online).kind === 'offline'
}
