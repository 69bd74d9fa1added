/** Letters and snippets that are kept to be written again. Types only. */

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
  changedAt: number
}
export type TemplateInput = Omit<Template, 'id' | 'changedAt'> & { id: string | null }
