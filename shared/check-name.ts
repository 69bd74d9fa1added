/** What can be asked about a draft before it goes, by name: each is a question of draft-questions.ts and can be turned off. */

/** In the order of the sheet. */
export const CHECK_NAMES = [
  'doubtful-address',
  'mistyped-domain',
  'address-not-carried',
  'first-mail',
  'added-recipients',
  'many-outsiders',
  'identity',
  'salutation',
  'empty-subject',
  'empty-text',
  'forgotten-attachment',
  'dangerous-file',
  'template-field',
  'lying-link',
  'too-big',
] as const
export type CheckName = (typeof CHECK_NAMES)[number]
