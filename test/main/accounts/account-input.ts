// The form of an account as the page would give it, for the tests of this folder.

import type { AccountInput } from '../../../shared/model.ts'

export function accountInput(change: Partial<AccountInput> = {}): AccountInput {
  const server = {
    host: 'mail.todoke.test',
    tls: 'implicit' as const,
    user: 'haruka@todoke.test',
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id: null,
    label: 'Work',
    color: 'indigo',
    identity: { name: '森 遥', address: 'haruka@todoke.test' },
    smtp: { ...server, port: 465 },
    incoming: { kind: 'imap', ...server, port: 993 },
    passwords: { smtp: 'a secret', incoming: null },
    ...change,
  }
}
