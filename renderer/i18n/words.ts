/**
 * The words of the program in English and Japanese: `words('compose.send')`. Keys and their placeholders are
 * checked by the compiler; the language is switched at run time. Refuses translated sentences from main.
 */

import { createInstance, type i18n } from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { LANGUAGES, type Language } from '../../shared/model.ts'
import { accounts } from './en/accounts.ts'
import { attach } from './en/attach.ts'
import { compose } from './en/compose.ts'
import { drafts } from './en/drafts.ts'
import { editor } from './en/editor.ts'
import { folders } from './en/folders.ts'
import { frame } from './en/frame.ts'
import { identities } from './en/identities.ts'
import { journey } from './en/journey.ts'
import { mailbox } from './en/mailbox.ts'
import { merge } from './en/merge.ts'
import { outbox } from './en/outbox.ts'
import { people } from './en/people.ts'
import { problem } from './en/problem.ts'
import { questions } from './en/questions.ts'
import { reply } from './en/reply.ts'
import { search } from './en/search.ts'
import { settings } from './en/settings.ts'
import { templates } from './en/templates.ts'
import { accounts as accountsJa } from './ja/accounts.ts'
import { attach as attachJa } from './ja/attach.ts'
import { compose as composeJa } from './ja/compose.ts'
import { drafts as draftsJa } from './ja/drafts.ts'
import { editor as editorJa } from './ja/editor.ts'
import { folders as foldersJa } from './ja/folders.ts'
import { frame as frameJa } from './ja/frame.ts'
import { identities as identitiesJa } from './ja/identities.ts'
import { journey as journeyJa } from './ja/journey.ts'
import { mailbox as mailboxJa } from './ja/mailbox.ts'
import { merge as mergeJa } from './ja/merge.ts'
import { outbox as outboxJa } from './ja/outbox.ts'
import { people as peopleJa } from './ja/people.ts'
import { problem as problemJa } from './ja/problem.ts'
import { questions as questionsJa } from './ja/questions.ts'
import { reply as replyJa } from './ja/reply.ts'
import { search as searchJa } from './ja/search.ts'
import { settings as settingsJa } from './ja/settings.ts'
import { templates as templatesJa } from './ja/templates.ts'
import type { KeyOf, Shape, ValuesFor } from './shape.ts'

export const english = {
  accounts,
  attach,
  compose,
  drafts,
  editor,
  folders,
  frame,
  identities,
  journey,
  mailbox,
  merge,
  outbox,
  people,
  problem,
  questions,
  reply,
  search,
  settings,
  templates,
} as const

/** Each file is checked against its English twin right here: a missing or unknown key does not compile. */
export const japanese: Shape<typeof english> = {
  accounts: accountsJa,
  attach: attachJa,
  compose: composeJa,
  drafts: draftsJa,
  editor: editorJa,
  folders: foldersJa,
  frame: frameJa,
  identities: identitiesJa,
  journey: journeyJa,
  mailbox: mailboxJa,
  merge: mergeJa,
  outbox: outboxJa,
  people: peopleJa,
  problem: problemJa,
  questions: questionsJa,
  reply: replyJa,
  search: searchJa,
  settings: settingsJa,
  templates: templatesJa,
}

type English = typeof english
export type WordKey = KeyOf<English>
export type Words = <K extends WordKey>(key: K, ...values: ValuesFor<English, K>) => string

/** The instance of one page. `language` is what to begin with; switch with `changeLanguage`. */
export function createWords(language: Language): i18n {
  const instance = createInstance()
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: [...LANGUAGES],
    initAsync: false,
    resources: { en: { translation: english }, ja: { translation: japanese } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return instance
}

/** The words of an instance outside React, with the same checks. */
export function wordsOf(instance: i18n): Words {
  return (key, ...values) => String(instance.t(key as string, (values[0] ?? {}) as Record<string, unknown>))
}

/** The words in the language of the page; a view draws itself again when it is switched. */
export function useWords(): Words {
  const { t } = useTranslation()
  return useCallback<Words>((key, ...values) => String(t(key as never, (values[0] ?? {}) as never)), [t])
}

/** The language on screen, for `Intl`. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return asLanguage(i18n.language) ?? 'en'
}

/** `ja-JP` is Japanese; what we do not speak is null. */
export function asLanguage(tag: string): Language | null {
  return LANGUAGES.find(language => tag.toLowerCase().startsWith(language)) ?? null
}
