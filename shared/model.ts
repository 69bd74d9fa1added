/**
 * The nouns of Todoke as they cross the bridge: readonly JSON, no behaviour.
 * Times are epoch milliseconds, sizes bytes, ids opaque strings made by main.
 */

import type { AuthenticationVerdict } from './authentication.ts'
import type { CheckName } from './check-name.ts'
import type { DraftAnswer } from './draft-start.ts'
import type { Journey } from './journey.ts'
import type { ListLeaving } from './list-leaving.ts'
import type { Problem } from './problem.ts'

/** One mailbox address with its display name; `name` is '' where there is none. */
export type Address = { name: string; address: string }

// ---------------------------------------------------------------- accounts

/** `implicit` is TLS from the first byte (RFC 8314); `starttls` is required, never opportunistic. */
export type TlsMode = 'implicit' | 'starttls' | 'none'

export type ServerSettings = {
  host: string
  port: number
  tls: TlsMode
  user: string
  /** A certificate the person chose to trust for this server alone (PEM), else null. */
  pinnedCertificate: string | null
  /** The person agreed to send the password of this server unencrypted. Loopback needs no consent. */
  plaintextConsent: boolean
}

export type IncomingSettings =
  | ({ kind: 'imap' } & ServerSettings)
  | ({ kind: 'pop3'; leaveOnServer: boolean; deleteAfterDays: number | null } & ServerSettings)

export const ACCOUNT_COLORS = ['indigo', 'green', 'gold', 'plum', 'teal', 'slate'] as const
export type AccountColor = (typeof ACCOUNT_COLORS)[number]

/** What the account's submission server said it can do, in its last EHLO at `seenAt`. Null is "it did not say". */
export type ServerAbilities = {
  seenAt: number
  /** The largest mail in bytes, as encoded (RFC 1870). */
  size: number | null
  isEightBit: boolean
  hasSmtputf8: boolean
  hasDsn: boolean
  hasRequireTls: boolean
  hasPipelining: boolean
  /** RFC 9422: recipients of one mail, mails of one connection. */
  mostRecipients: number | null
  mostMails: number | null
}

/** Who files the copy in Sent: learned, shown, changeable. */
export const SENT_COPY_POLICIES = ['unknown', 'we-file-it', 'server-files-it'] as const
export type SentCopyPolicy = (typeof SENT_COPY_POLICIES)[number]

/** What closes a mail; `html` null where it is plain. The separator (RFC 3676 section 4.3) is not part of it. */
export type Signature = { text: string; html: string | null }

/** A name to write under. New mails of the account begin with the one that `isUsual`, else with the first. */
export type Identity = {
  id: string
  name: string
  address: string
  /** Where answers go; empty is the address itself. */
  replyTo: Address[]
  organisation: string
  /** Every mail goes to the writer too, hidden (Bcc). */
  copiesSelf: boolean
  signature: Signature | null
  isUsual?: boolean | undefined
}

export type Account = {
  id: string
  /** The label in the list of places; defaults to the address. */
  label: string
  color: AccountColor
  identity: Address
  /** The identities beside `identity`, and the details of that one; read them with shared/identity.ts. */
  identities?: Identity[] | undefined
  smtp: ServerSettings
  incoming: IncomingSettings
  sentCopy: SentCopyPolicy
  /** True on the account of the practice mailbox, whose servers live on loopback. */
  isPractice: boolean
  /** How fast its server may be fed; two connections and no limit where nothing is said. */
  pace?: Pace | undefined
}

/** `connections` at a time (1 to 8), and mails handed over in a minute, null for as many as go. */
export type Pace = { connections: number; perMinute: number | null }
export const DEFAULT_PACE: Pace = { connections: 2, perMinute: null }

/**
 * What the form gives. `id` null makes a new account. A password of null keeps the stored one;
 * `incoming` null means "the same as for sending". What is left out of `sentCopy` and `pace` stays as it is.
 */
export type AccountInput = Omit<Account, 'id' | 'sentCopy' | 'isPractice' | 'identities'> & {
  id: string | null
  /** Only where the person chose one: what is learned meanwhile is not undone by a save. */
  sentCopy?: SentCopyPolicy | undefined
  passwords: { smtp: string | null; incoming: string | null }
}

/**
 * What removing an account means on this machine; nothing on the server is touched. `messages` (of them `localOnly` lie
 * nowhere else) and `waiting` mails of the outbox are deleted; `drafts` stay, without an account to send from.
 */
export type RemovalPreview = { messages: number; drafts: number; waiting: number; localOnly: number }

// ------------------------------------------------------------------ drafts

export type DraftAttachment = {
  id: string
  name: string
  type: string
  bytes: number
  sha256: string
  /** A picture within the text, which `cid:` in the html names; without angle brackets (RFC 2392). */
  contentId?: string | undefined
}

export type Priority = 'high' | 'normal' | 'low'

/** What one mail asks for beside being delivered. */
export type MailOptions = {
  priority: Priority
  /** Asks the reader's program for a notification (RFC 8098). */
  wantsReadReceipt: boolean
  /** Asks the servers for delivery reports, where ours can (RFC 3461). */
  wantsReport: boolean
  /** Goes only over servers that promise TLS all the way (RFC 8689). */
  requiresTls: boolean
}
export const USUAL_OPTIONS: MailOptions = {
  priority: 'normal',
  wantsReadReceipt: false,
  wantsReport: true,
  requiresTls: false,
}

/** What the writer types. The server never sees this; `outbox.send` freezes it into a mail. */
export type DraftContent = {
  accountId: string
  to: Address[]
  cc: Address[]
  bcc: Address[]
  subject: string
  /** What is written, in plain text; beside `html` the same words, for lists and checks. */
  text: string
  /** The editor's html where the mail is written with formats; null or left out where it is plain text. */
  html?: string | null | undefined
  /** Which of the account's identities writes; left out, its first. */
  identityId?: string | undefined
  /** Left out, `USUAL_OPTIONS`. */
  options?: MailOptions | undefined
}

export type Draft = DraftContent & {
  id: string
  /** Grows by one with each save; a save names the revision it was typed on. */
  revision: number
  savedAt: number
  createdAt: number
  attachments: DraftAttachment[]
  /** Message-IDs of what is answered, oldest first, without angle brackets; last is In-Reply-To. */
  references: string[]
  /** The mail it was made from, as an answer or anew; null or left out where it was not. */
  answers?: DraftAnswer | null | undefined
}

/** A saved state of a draft, to be looked at and brought back. */
export type DraftVersion = {
  id: number
  savedAt: number
  /** The first words that are new in it, in one line; empty where neither text nor subject changed. */
  preview: string
  /** UTF-16 units of its text. */
  characters: number
  attachments: number
}

/** What would be sent if a draft left now. */
export type MailPreview = {
  /** The plain part, wrapped as it goes. */
  plain: string
  /** The html part; null where the mail is plain text alone. Not safe by itself, like any html. */
  html: string | null
  /** Content-ID to data URL, of the pictures within it. */
  inlineImages: Record<string, string>
  /** Name and decoded value, in their order; without those that are made at Send. */
  headers: [name: string, value: string][]
  bytes: number
}

export type DraftHead = {
  id: string
  accountId: string
  to: Address[]
  subject: string
  preview: string
  savedAt: number
  attachments: number
}

// ------------------------------------------------------------------ outbox

/** A row of the Outbox: what it is, where it is, and what may be done now. */
export type OutboxItem = {
  id: string
  accountId: string
  from: Address
  to: Address[]
  cc: Address[]
  bcc: Address[]
  subject: string
  preview: string
  bytes: number
  attachments: { name: string; bytes: number }[]
  messageIdHeader: string
  createdAt: number
  journey: Journey
  /** Live bytes taken by the socket in the running attempt, else null. */
  progress: { sent: number; total: number } | null
  can: {
    cancel: boolean
    edit: boolean
    tryNow: boolean
    pause: boolean
    resume: boolean
    /** Gets another time to leave at. */
    holdUntil: boolean
    /** Some recipients were refused before anything was sent: the writer chooses. */
    chooseRecipients: boolean
    /** The outcome is unknown: the writer decides. */
    decideOutcome: boolean
    /** A refused address can be corrected: before anything was sent, or for that person alone afterwards. */
    correctRecipient: boolean
    remove: boolean
  }
  /**
   * Of a mail that was put off: which try comes next, how many there are at most, and when it is given up. Counted
   * since a person last wanted it sent. Else null.
   */
  retry: { number: number; atMost: number; givesUpAt: number } | null
  /**
   * Of a mail whose outcome is unknown: how often it was looked for in Sent since the start, when last and next, and
   * why the last look failed. `nextAt` null is not again by itself. Else null.
   */
  search: { looks: number; lastAt: number | null; nextAt: number | null; problem: Problem | null } | null
}

export type OutboxCounts = { sending: number; waiting: number; needsYou: number }

// ----------------------------------------------------------------- mailbox

export const FOLDER_ROLES = ['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'all', 'flagged'] as const
export type FolderRole = (typeof FOLDER_ROLES)[number]

/** A unified place over all accounts, or one folder. */
export type Place = { kind: 'unified'; role: 'inbox' | 'sent' } | { kind: 'folder'; folderId: string }

/** One row of a list. */
export type MessageHead = {
  id: string
  accountId: string
  folderId: string
  from: Address
  to: Address[]
  subject: string
  preview: string
  sentAt: number
  isSeen: boolean
  isFlagged: boolean
  hasAttachments: boolean
  bytes: number
  /** Where this mail left through our outbox: its item, and the state of its journey in one word. */
  outboxItemId: string | null
}

export type MessageAttachment = {
  partId: string
  name: string
  type: string
  bytes: number
  contentId: string | null
  isInline: boolean
}

/** One station of the way of a mail that came in, from its Received headers (newest last). */
export type ReceivedHop = { by: string; from: string; at: number | null; tls: boolean | null }

export type Message = MessageHead & {
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  messageIdHeader: string
  references: string[]
  text: string
  /** As it came, NOT safe: the renderer sanitises it for each sink. Null where there is no html part. */
  unsafeHtml: string | null
  /** Inline images named by the html, `cid` to data URL, at most a few MB in all. */
  inlineImages: Record<string, string>
  attachments: MessageAttachment[]
  received: ReceivedHop[]
  /** How the mailing list it came over can be left; null where it says nothing of that. */
  leaving: ListLeaving | null
  /** Whether the account's own server confirms that it comes from the domain of `from`. */
  authentication: AuthenticationVerdict
  /** The parser had to guess or to stop: the source is at hand. */
  isDamaged: boolean
}

/** What a reply has to know of the mail that it answers. */
export type AnsweredMail = Pick<Message, 'from' | 'to' | 'cc' | 'replyTo' | 'hasAttachments'>

// ------------------------------------------------------------------ people

/** What is known of an address: from mails that went and came, from an import, or kept by hand. */
export type Person = {
  address: Address
  /** How the name is read, in kana or Latin letters; '' where nobody said. */
  reading: string
  /** When a mail of ours was last handed over to a server for it; null where none was. */
  lastMailedAt: number | null
  lastReceivedAt: number | null
  /** Why it is suggested last: a server refused it or reported a failure, or it is a machine or a list. */
  demotedFor: 'failed' | 'automatic' | null
  /** Somebody else has the same name. */
  hasNamesake: boolean
}

/** People under one name, to write to all of them or to each. */
export type Group = { id: string; name: string; members: Address[] }

export type Suggestion = ({ kind: 'person' } & Person) | ({ kind: 'group' } & Group)

/** Whether we know an address, for the checks before sending. Forgotten ones are not known. */
export type Acquaintance = {
  address: string
  firstMailedAt: number | null
  lastMailedAt: number | null
  lastReceivedAt: number | null
  /** The person has it in a group, an import, or by hand. */
  isKept: boolean
}

/** What a file of contacts holds, before anything is taken from it. */
export type ImportPreview = {
  importId: string
  format: 'vcard' | 'csv'
  /** The encoding it was read in, by its name for people: `UTF-8`, `Shift_JIS`. */
  encoding: string
  fresh: number
  known: number
  /** Entries that give no address; at most 100 are listed. `line` counts from 1. */
  unreadable: { count: number; lines: { line: number; text: string }[] }
  /** The first of the new ones. */
  sample: Address[]
}

// ------------------------------------------------------- settings and status

export const LANGUAGES = ['en', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

export type Settings = {
  /** null follows the system. */
  language: Language | null
  theme: 'system' | 'light' | 'dark'
  /** 0 to 60: how long a mail is held and can be taken back. */
  undoSeconds: number
  /** What happens without asking where a server refuses some of the recipients; nothing was sent then. */
  whenSomeRefused: 'ask' | 'send-to-others' | 'cancel'
  /** A scheduled mail whose time passed while the machine slept or the program was closed. */
  dueAsleep: 'ask' | 'send'
  paneWidths: { places: number; list: number }
  defaultAccountId: string | null
  singleKeys: boolean
  /** New mails and answers begin as plain text, without formats. */
  writesPlain: boolean
  /** Where the quoted mail stands; with it below the answer, whether the signature is under that or at the end. */
  quotes: 'above' | 'below'
  signatures: 'under-answer' | 'at-end'
  /** Checks before sending that the person does not want. */
  checksOff: CheckName[]
  /** So many people outside may see each other's addresses in To and Cc without a question. */
  outsidersLimit: number
  /** Whether pictures from the internet may be loaded, mail by mail or sender by sender. */
  remotePictures: 'ask' | 'never'
  /** Lists have a row for each conversation, and its mails are read together. */
  showsConversations: boolean
  /** Mails of so many days are fetched before they are opened: 0 none, null all. */
  aheadDays: number | null
}

export type ShellInfo = {
  shell: 'electron' | 'chromium' | 'headless'
  version: string
  /** How passwords are kept here; shown honestly. */
  secrets: 'os-keychain' | 'os-weak' | 'key-file'
  isPractice: boolean
  dataDir: string
  /** The system's language as the shell knows it. */
  systemLanguage: string
  /** Settings file was unreadable at start and has been kept aside, else null. */
  settingsProblem: Problem | null
}

/** What a server said no to, of mails or of the folder named. */
export type Refusal = {
  id: number
  act: 'flags' | 'move' | 'remove' | 'create' | 'rename' | 'removeFolder' | 'subscribe'
  folder: string
  problem: Problem
}

export type AccountStatus = {
  accountId: string
  incoming:
    | { state: 'never' | 'idle' | 'connecting' }
    | { state: 'syncing'; done: number; total: number | null }
    /** The rest of the mails is not fetched until somebody says so; what is new still comes. */
    | { state: 'stopped'; done: number; total: number }
    | { state: 'failing'; problem: Problem; retryAt: number | null }
  outgoing: { state: 'ready' } | { state: 'paused'; problem: Problem; until: number | null }
  syncedAt: number | null
  /** What this account's server refused of late, newest last; on screen it is undone already. */
  refusals: Refusal[]
}

/** One line of an SMTP conversation, secrets removed. `at` is epoch ms. */
export type TranscriptLine = { at: number; attempt: number; side: 'client' | 'server' | 'note'; text: string }
