/** The closed list of what a refusing reply can mean, and whose trouble each is. Pure facts, no words and no rules. */

/** What was asked when the reply came. */
export type ReplyStep = 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'sender' | 'recipient' | 'data' | 'body'

export type Whose = 'weather' | 'mail' | 'account' | 'recipient'

/** `goes-on-by-itself`: the account rests for a while. `stays-here`: refused, the mail waits to be changed. */
export type ReplyNext = 'tries-again' | 'goes-on-by-itself' | 'waits-for-you' | 'stays-here'

/** `next` null follows the first digit: 4 is tried again, 5 stays here. */
type Facts = { whose: Whose; next: ReplyNext | null }

export const CAUSES = {
  // Passes by itself.
  busy: { whose: 'weather', next: null },
  'going-down': { whose: 'weather', next: null },
  greylisted: { whose: 'weather', next: null },
  'server-full': { whose: 'weather', next: null },
  'server-trouble': { whose: 'weather', next: null },
  'way-trouble': { whose: 'weather', next: null },
  'sender-doubted': { whose: 'weather', next: null },
  'login-not-now': { whose: 'weather', next: null },
  'tls-not-now': { whose: 'weather', next: null },
  // The account.
  'wrong-password': { whose: 'account', next: 'waits-for-you' },
  'app-password-needed': { whose: 'account', next: 'waits-for-you' },
  'browser-sign-in-needed': { whose: 'account', next: 'waits-for-you' },
  'password-sign-in-off': { whose: 'account', next: 'waits-for-you' },
  'password-change-needed': { whose: 'account', next: 'waits-for-you' },
  'account-locked': { whose: 'account', next: 'waits-for-you' },
  'login-required': { whose: 'account', next: 'waits-for-you' },
  'encryption-required': { whose: 'account', next: 'waits-for-you' },
  'mechanism-refused': { whose: 'account', next: 'waits-for-you' },
  'slowed-down': { whose: 'account', next: 'goes-on-by-itself' },
  'sending-limit': { whose: 'account', next: 'goes-on-by-itself' },
  // This mail.
  'too-big': { whose: 'mail', next: null },
  'taken-for-spam': { whose: 'mail', next: null },
  virus: { whose: 'mail', next: null },
  'attachment-forbidden': { whose: 'mail', next: null },
  'against-policy': { whose: 'mail', next: null },
  'sender-not-yours': { whose: 'mail', next: null },
  'sender-unknown': { whose: 'mail', next: null },
  'sender-unproven': { whose: 'mail', next: null },
  'address-blocked': { whose: 'mail', next: null },
  'malformed-mail': { whose: 'mail', next: null },
  'letters-not-taken': { whose: 'mail', next: null },
  'too-many-recipients': { whose: 'mail', next: null },
  'relay-denied': { whose: 'mail', next: null },
  'out-of-step': { whose: 'mail', next: null },
  looping: { whose: 'mail', next: null },
  // The other end.
  'recipient-unknown': { whose: 'recipient', next: null },
  'recipient-unchecked': { whose: 'recipient', next: null },
  'domain-unknown': { whose: 'recipient', next: null },
  'domain-takes-no-mail': { whose: 'recipient', next: null },
  'recipient-malformed': { whose: 'recipient', next: null },
  'mailbox-full': { whose: 'recipient', next: null },
  'mailbox-closed': { whose: 'recipient', next: null },
  'recipient-moved': { whose: 'recipient', next: null },
  'recipient-declines': { whose: 'recipient', next: null },
  'recipient-overrun': { whose: 'recipient', next: null },
  // Said as it is.
  unknown: { whose: 'mail', next: null },
  'no-answer': { whose: 'weather', next: 'tries-again' },
} as const satisfies Record<string, Facts>

export type ReplyCause = keyof typeof CAUSES

export const REPLY_CAUSES = Object.keys(CAUSES) as ReplyCause[]
