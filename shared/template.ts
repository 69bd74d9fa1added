/** Letters and snippets that are kept to be written again. Types only. */

import type { DraftAttachment } from './model.ts'

/**
 * Words that are written again and again. A template is a whole letter, chosen from a list; a snippet is typed as its
 * name behind a semicolon. Both may hold fields (`{{name}}`, see merge.ts).
 */
export type Template = {
  id: string
  kind: 'template' | 'snippet'
  name: string
  /** '' for a snippet. */
  subject: string
  text: string
  html: string | null
  /** What goes along with it, and the pictures that its html names by `contentId`. Empty for a snippet. */
  files: DraftAttachment[]
  changedAt: number
}

/** Where the files of a template come from: a draft that has them, or another template. Nothing is copied but names. */
export type TemplateFiles = { draftId: string; attachmentIds: string[] } | { templateId: string }

/** `files` left out keeps those that it has. */
export type TemplateInput = Omit<Template, 'id' | 'changedAt' | 'files'> & {
  id: string | null
  files?: TemplateFiles | undefined
}
