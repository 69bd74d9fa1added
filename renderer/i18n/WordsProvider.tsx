/** Gives the page its words, and switches them when the setting changes. */

import { type ReactNode, useEffect, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import type { Language } from '../../shared/model.ts'
import { createWords } from './words.ts'

export function WordsProvider({ language, children }: { language: Language; children: ReactNode }) {
  const [instance] = useState(() => createWords(language))
  useEffect(() => {
    document.documentElement.lang = language
    void instance.changeLanguage(language)
  }, [instance, language])
  return <I18nextProvider i18n={instance}>{children}</I18nextProvider>
}
