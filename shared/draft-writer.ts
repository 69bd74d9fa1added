/** Who writes a draft: any window may have it open, one at a time writes. Only words that both sides use. */

/**
 * How a window stands to a draft: it writes (`you`), it writes and another window asks for the draft (`wanted`: save,
 * then release), another window writes (`other`), or the draft is no more.
 */
export type DraftWriter = 'you' | 'wanted' | 'other' | DraftEnd

/** Why a draft is no more. */
export type DraftEnd = 'sent' | 'discarded'
