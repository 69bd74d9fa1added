/** What a search answers, as it crosses the bridge. Types only. */

import type { MessageHead } from './model.ts'

/** `relevance`: the words in the subject first, then with a person, then anywhere; within each the newest first. */
export type SearchOrder = 'newest' | 'relevance'

/** `cursor` asks for what comes after; null at the end. */
export type SearchPage = { heads: MessageHead[]; cursor: string | null }

/**
 * How many there are. Not exact where it stopped counting, or where words in quotes were only counted as words.
 * `waiting` mails are here and not in the index yet.
 */
export type SearchCount = { total: number; isExact: boolean; waiting: number }

/** Where a mail has the words: the line around the first of them, or the name of a file; null where neither is known. */
export type SearchExcerpt = { messageId: string; excerpt: string | null }

/** What the files of a mail are called; null where only its head is here. */
export type MailFileNames = { messageId: string; names: string[] | null }

/**
 * What the servers found: ids of mails that are listed here; `unlisted` are found there and not listed here yet.
 * `unreachable` accounts could not be asked.
 */
export type ServerSearch = { messageIds: string[]; unlisted: number; unreachable: string[] }
