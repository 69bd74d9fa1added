/** The page put together: providers, navigation, frame. */

import type { QueryClient } from '@tanstack/react-query'
import { Frame } from './frame/Frame.tsx'
import { NavigationProvider, type Where } from './frame/navigation.tsx'
import { Providers } from './frame/Providers.tsx'

/** `startAt` is for the gallery; the program begins in the inbox. */
export function App({ queryClient, startAt }: { queryClient: QueryClient; startAt?: Where }) {
  return (
    <Providers queryClient={queryClient}>
      <NavigationProvider {...(startAt !== undefined && { startAt })}>
        <Frame />
      </NavigationProvider>
    </Providers>
  )
}
