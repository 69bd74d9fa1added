/**
 * Where large providers explain how a mail program signs in. Pure facts; refuses addresses out of a server's text,
 * which anybody could write there.
 */

import type { ReplyCause } from './reply-causes.ts'

export type Page = { provider: string; url: string }

type Provider = {
  name: string
  hosts: RegExp
  /** How its servers can be told where the host is a domain of one's own. */
  text: RegExp | null
  appPassword: string
  signIn: string
}

const PROVIDERS: readonly Provider[] = [
  {
    name: 'Google',
    hosts: /(^|\.)(gmail|google|googlemail)\.com$/,
    text: /\bgsmtp\b/,
    appPassword: 'https://support.google.com/accounts/answer/185833',
    signIn: 'https://support.google.com/mail/answer/7126229',
  },
  {
    name: 'Microsoft',
    hosts: /(^|\.)(outlook|office365|hotmail|live|office)\.com$/,
    text: /\bprod\.(outlook|exchangelabs)\.com\b/i,
    appPassword:
      'https://support.microsoft.com/account-billing/using-app-passwords-with-apps-that-don-t-support-two-step-verification-5896ed9b-4263-e681-128a-a6f2979a7944',
    signIn:
      'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission',
  },
  {
    name: 'Yahoo',
    hosts: /(^|\.)(yahoo|ymail|yahoodns)\.(com|net)$/,
    text: null,
    appPassword: 'https://help.yahoo.com/kb/SLN15241.html',
    signIn: 'https://help.yahoo.com/kb/SLN4075.html',
  },
  {
    name: 'AOL',
    hosts: /(^|\.)aol\.com$/,
    text: null,
    appPassword: 'https://help.aol.com/articles/Create-and-manage-app-password',
    signIn:
      'https://help.aol.com/articles/how-do-i-use-other-email-applications-to-send-and-receive-my-aol-mail',
  },
  {
    name: 'iCloud',
    hosts: /(^|\.)(mail\.me|me|icloud)\.com$/,
    text: null,
    appPassword: 'https://support.apple.com/102654',
    signIn: 'https://support.apple.com/102525',
  },
  {
    name: 'Fastmail',
    hosts: /(^|\.)(fastmail|messagingengine)\.com$/,
    text: null,
    appPassword: 'https://www.fastmail.help/hc/en-us/articles/360058752854',
    signIn: 'https://www.fastmail.help/hc/en-us/articles/1500000278342',
  },
  {
    name: 'GMX',
    hosts: /(^|\.)gmx\.(com|net|de|at|ch)$/,
    text: /\bgmx\.(com|net|de)\b/i,
    appPassword: 'https://support.gmx.com/security/2fa/application-specific-passwords.html',
    signIn: 'https://support.gmx.com/pop-imap/toggle.html',
  },
]

const NEEDS_APP_PASSWORD: ReadonlySet<ReplyCause> = new Set(['wrong-password', 'app-password-needed'])
const NEEDS_SIGN_IN: ReadonlySet<ReplyCause> = new Set([
  'browser-sign-in-needed',
  'password-sign-in-off',
  'password-change-needed',
  'account-locked',
  'mechanism-refused',
])

/** The page that helps with this cause at this provider; null where there is none, or the provider is not known. */
export function pageFor(cause: ReplyCause, host: string, text: string): Page | null {
  const kind = NEEDS_APP_PASSWORD.has(cause) ? 'appPassword' : NEEDS_SIGN_IN.has(cause) ? 'signIn' : null
  if (kind === null) return null
  const name = host.toLowerCase().replace(/\.$/, '')
  const provider =
    PROVIDERS.find(({ hosts }) => hosts.test(name)) ?? PROVIDERS.find(known => known.text?.test(text))
  return provider === undefined ? null : { provider: provider.name, url: provider[kind] }
}
