/** What every view stands in: the cache of answers, the words and the theme, as the settings say. */

import { type MantineColorSchemeManager, MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { followEvents, useAsk } from '../ask.ts'
import { WordsProvider } from '../i18n/WordsProvider.tsx'
import { asLanguage } from '../i18n/words.ts'
import { mantineVariables, theme } from '../theme/theme.ts'

/** The settings file remembers the scheme, through the program; the page keeps nothing of its own. */
const forgetful: MantineColorSchemeManager = {
  get: defaultValue => defaultValue,
  set() {},
  subscribe() {},
  unsubscribe() {},
  clear() {},
}

export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  useEffect(() => followEvents(queryClient), [queryClient])
  return (
    <QueryClientProvider client={queryClient}>
      <Dressed>{children}</Dressed>
    </QueryClientProvider>
  )
}

function Dressed({ children }: { children: ReactNode }) {
  const settings = useAsk('settings.get', [])
  const info = useAsk('app.info', [])
  const isSystemDark = useMediaQuery('(prefers-color-scheme: dark)', undefined, {
    getInitialValueInEffect: false,
  })
  // Words and theme wait for the settings, so that nothing is drawn in one language and redrawn in another.
  const isLanguageOpen = (settings.data?.language ?? null) === null
  if (settings.isPending || (isLanguageOpen && info.isPending)) return null
  const chosen = settings.data?.theme ?? 'system'
  const scheme = chosen === 'system' ? (isSystemDark ? 'dark' : 'light') : chosen
  const language =
    settings.data?.language ?? asLanguage(info.data?.systemLanguage ?? navigator.language) ?? 'en'
  return (
    <WordsProvider language={language}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={mantineVariables}
        colorSchemeManager={forgetful}
        forceColorScheme={scheme}
      >
        <Notifications position="bottom-left" limit={3} />
        {children}
      </MantineProvider>
    </WordsProvider>
  )
}
