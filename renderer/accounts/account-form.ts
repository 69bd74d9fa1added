/**
 * What is typed in the form of an account: blank, filled in from the address, read from an account, checked, and made
 * into the input of the contract. Pure; it never holds a stored password, as none ever comes to the page.
 */

import { checkAddress } from '../../shared/address.ts'
import {
  ACCOUNT_COLORS,
  type Account,
  type AccountColor,
  type AccountInput,
  DEFAULT_PACE,
  type IncomingSettings,
  type SentCopyPolicy,
  type ServerSettings,
  type TlsMode,
} from '../../shared/model.ts'

export type ServerName = 'smtp' | 'incoming'
export type IncomingKind = IncomingSettings['kind']

export type ServerForm = {
  host: string
  port: string
  tls: TlsMode
  user: string
  password: string
  plaintextConsent: boolean
  pinnedCertificate: string | null
}

export type AccountForm = {
  /** null makes a new account. */
  id: string | null
  name: string
  address: string
  label: string
  color: AccountColor
  kind: IncomingKind
  smtp: ServerForm
  incoming: ServerForm
  /** One user and one password for both servers. */
  isOneLogin: boolean
  leaveOnServer: boolean
  /** Empty keeps mail on the server for ever. */
  deleteAfterDays: string
  /** null leaves to the program what it knows or learns. */
  sentCopy: SentCopyPolicy | null
  /** At a time, 1 to 8. */
  connections: number
  /** Empty: as many as go. */
  perMinute: string
  /** Fields the person has changed; what fills itself in leaves them alone. */
  touched: ReadonlySet<string>
  /** The account as it is stored had one login; going back to one needs the password again. */
  hadOneLogin: boolean
}

export type FieldName =
  | 'address'
  | 'deleteAfterDays'
  | 'perMinute'
  | `${ServerName}.${'host' | 'port' | 'user' | 'password' | 'plaintextConsent'}`

export type FieldProblem =
  | 'missing'
  | 'no-address'
  | 'no-host'
  | 'no-port'
  | 'no-days'
  | 'no-rate'
  | 'password-again'
  | 'consent-needed'

const PORTS: Record<'smtp' | IncomingKind, Record<TlsMode, number>> = {
  smtp: { implicit: 465, starttls: 587, none: 587 },
  imap: { implicit: 993, starttls: 143, none: 143 },
  pop3: { implicit: 995, starttls: 110, none: 110 },
}

const HOST_PREFIX: Record<'smtp' | IncomingKind, string> = { smtp: 'smtp', imap: 'imap', pop3: 'pop' }

function blankServer(kind: 'smtp' | IncomingKind): ServerForm {
  return {
    host: '',
    port: String(PORTS[kind].implicit),
    tls: 'implicit',
    user: '',
    password: '',
    plaintextConsent: false,
    pinnedCertificate: null,
  }
}

/** The first colour that no account wears yet. */
export function freeColor(accounts: readonly Account[]): AccountColor {
  const worn = new Set(accounts.map(account => account.color))
  return ACCOUNT_COLORS.find(color => !worn.has(color)) ?? 'indigo'
}

export function blankForm(color: AccountColor): AccountForm {
  return {
    id: null,
    name: '',
    address: '',
    label: '',
    color,
    kind: 'imap',
    smtp: blankServer('smtp'),
    incoming: blankServer('imap'),
    isOneLogin: true,
    leaveOnServer: true,
    deleteAfterDays: '',
    sentCopy: null,
    connections: DEFAULT_PACE.connections,
    perMinute: '',
    touched: new Set(),
    hadOneLogin: true,
  }
}

function serverForm(server: ServerSettings): ServerForm {
  const { host, port, tls, user, plaintextConsent, pinnedCertificate } = server
  return { host, port: String(port), tls, user, password: '', plaintextConsent, pinnedCertificate }
}

/** Everything but the passwords, which stay where they are. */
export function formOf(account: Account): AccountForm {
  const { id, identity, label, color, smtp, incoming, pace = DEFAULT_PACE } = account
  const isOneLogin = smtp.user === incoming.user
  const days = incoming.kind === 'pop3' ? incoming.deleteAfterDays : null
  return {
    id,
    name: identity.name,
    address: identity.address,
    label: label === identity.address ? '' : label,
    color,
    kind: incoming.kind,
    smtp: serverForm(smtp),
    incoming: serverForm(incoming),
    isOneLogin,
    leaveOnServer: incoming.kind === 'pop3' ? incoming.leaveOnServer : true,
    deleteAfterDays: days === null ? '' : String(days),
    sentCopy: null,
    connections: pace.connections,
    perMinute: pace.perMinute === null ? '' : String(pace.perMinute),
    touched: new Set([
      'smtp.host',
      'smtp.user',
      'incoming.host',
      'incoming.user',
      'smtp.port',
      'incoming.port',
    ]),
    hadOneLogin: isOneLogin,
  }
}

function touch(form: AccountForm, ...fields: string[]): ReadonlySet<string> {
  return new Set([...form.touched, ...fields])
}

/** `mail.example.co.jp` of `yuki@mail.example.co.jp`; empty while the address is not one yet. */
function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  const domain =
    at < 1
      ? ''
      : address
          .slice(at + 1)
          .trim()
          .toLowerCase()
  return domain.includes('.') ? domain : ''
}

/** Types the address and fills in what follows from it, where nobody has typed. */
export function withAddress(form: AccountForm, address: string): AccountForm {
  return filledIn({ ...form, address })
}

function filledIn(form: AccountForm): AccountForm {
  const domain = domainOf(form.address)
  const fill = (name: ServerName, prefix: string, server: ServerForm): ServerForm => ({
    ...server,
    host: form.touched.has(`${name}.host`) ? server.host : domain === '' ? '' : `${prefix}.${domain}`,
    user: form.touched.has(`${name}.user`) ? server.user : form.address.trim(),
  })
  return {
    ...form,
    smtp: fill('smtp', HOST_PREFIX.smtp, form.smtp),
    incoming: fill('incoming', HOST_PREFIX[form.kind], form.incoming),
  }
}

export function withKind(form: AccountForm, kind: IncomingKind): AccountForm {
  const port = String(PORTS[kind][form.incoming.tls])
  const isOurs = isUsualPort(form.incoming.port)
  return filledIn({
    ...form,
    kind,
    incoming: { ...form.incoming, port: isOurs ? port : form.incoming.port },
  })
}

function isUsualPort(port: string): boolean {
  const usual = Object.values(PORTS).flatMap(ports => Object.values(ports).map(String))
  return port.trim() === '' || usual.includes(port.trim())
}

/** A new kind of TLS brings its usual port along, unless an unusual one was typed. Consent is given anew. */
export function withTls(form: AccountForm, name: ServerName, tls: TlsMode): AccountForm {
  const kind = name === 'smtp' ? 'smtp' : form.kind
  const server = form[name]
  const port = isUsualPort(server.port) ? String(PORTS[kind][tls]) : server.port
  return { ...form, [name]: { ...server, tls, port, plaintextConsent: false } }
}

export type TypedServerField = 'host' | 'port' | 'user' | 'password'

/** A pinned certificate and a consent belong to one host: another host loses both. */
export function withServerField(
  form: AccountForm,
  name: ServerName,
  field: TypedServerField,
  value: string,
): AccountForm {
  const server = { ...form[name], [field]: value }
  if (field === 'host' && value.trim() !== form[name].host.trim()) {
    server.pinnedCertificate = null
    server.plaintextConsent = false
  }
  return { ...form, [name]: server, touched: touch(form, `${name}.${field}`) }
}

export function withConsent(form: AccountForm, name: ServerName, plaintextConsent: boolean): AccountForm {
  return { ...form, [name]: { ...form[name], plaintextConsent } }
}

export function withPin(form: AccountForm, name: ServerName, pinnedCertificate: string | null): AccountForm {
  return { ...form, [name]: { ...form[name], pinnedCertificate } }
}

/** Opening up the second login begins with what the first one has. */
export function withOneLogin(form: AccountForm, isOneLogin: boolean): AccountForm {
  const incoming = isOneLogin
    ? form.incoming
    : { ...form.incoming, user: form.incoming.user || form.smtp.user }
  return { ...form, isOneLogin, incoming }
}

/** Loopback needs no consent: nothing leaves the machine. */
export function isLoopback(host: string): boolean {
  const name = host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
}

export function needsConsent(server: ServerForm): boolean {
  return server.tls === 'none' && server.host.trim() !== '' && !isLoopback(server.host)
}

const PORT_LIMIT = 65_535

function checkServer(form: AccountForm, name: ServerName): [FieldName, FieldProblem][] {
  const server = form[name]
  const found: [FieldName, FieldProblem][] = []
  const host = server.host.trim()
  if (host === '') found.push([`${name}.host`, 'missing'])
  else if (/[\s/@,;]/.test(host)) found.push([`${name}.host`, 'no-host'])
  const port = Number(server.port)
  if (!/^\d+$/.test(server.port.trim()) || port < 1 || port > PORT_LIMIT)
    found.push([`${name}.port`, 'no-port'])
  if (needsConsent(server) && !server.plaintextConsent)
    found.push([`${name}.plaintextConsent`, 'consent-needed'])
  if (name === 'incoming' && form.isOneLogin) return found
  if (server.user.trim() === '') found.push([`${name}.user`, 'missing'])
  if (server.password === '') {
    if (form.id === null) found.push([`${name}.password`, 'missing'])
    else if (name === 'smtp' && form.isOneLogin && !form.hadOneLogin) {
      found.push([`${name}.password`, 'password-again'])
    }
  }
  return found
}

const LONGEST_DAYS = 3650
const MOST_PER_MINUTE = 10_000
/** More at a time is what servers take for abuse. */
export const MOST_CONNECTIONS = 8

/** What is wrong, by field, in the order of the form. Empty: it can be saved. */
export function checkForm(form: AccountForm): ReadonlyMap<FieldName, FieldProblem> {
  const found: [FieldName, FieldProblem][] = []
  if (form.address.trim() === '') found.push(['address', 'missing'])
  else if (checkAddress(form.address.trim()) !== 'ok') found.push(['address', 'no-address'])
  found.push(...checkServer(form, 'smtp'), ...checkServer(form, 'incoming'))
  const days = form.deleteAfterDays.trim()
  const isDays = /^[1-9]\d*$/.test(days) && Number(days) <= LONGEST_DAYS
  if (form.kind === 'pop3' && form.leaveOnServer && days !== '' && !isDays) {
    found.push(['deleteAfterDays', 'no-days'])
  }
  const rate = form.perMinute.trim()
  if (rate !== '' && !(/^[1-9]\d*$/.test(rate) && Number(rate) <= MOST_PER_MINUTE)) {
    found.push(['perMinute', 'no-rate'])
  }
  return new Map(found)
}

function serverSettings(server: ServerForm, user: string): ServerSettings {
  return {
    host: server.host.trim(),
    port: Number(server.port),
    tls: server.tls,
    user: user.trim(),
    pinnedCertificate: server.pinnedCertificate,
    plaintextConsent: server.tls === 'none' && server.plaintextConsent,
  }
}

/** The input of the contract; an untouched password is null and keeps the stored one. */
export function inputOf(form: AccountForm): AccountInput {
  const address = form.address.trim()
  const incoming = serverSettings(form.incoming, form.isOneLogin ? form.smtp.user : form.incoming.user)
  const typed = (password: string) => (password === '' ? null : password)
  const days = form.deleteAfterDays.trim()
  return {
    id: form.id,
    label: form.label.trim() === '' ? address : form.label.trim(),
    color: form.color,
    identity: { name: form.name.trim(), address },
    smtp: serverSettings(form.smtp, form.smtp.user),
    incoming:
      form.kind === 'imap'
        ? { kind: 'imap', ...incoming }
        : {
            kind: 'pop3',
            ...incoming,
            leaveOnServer: form.leaveOnServer,
            deleteAfterDays: form.leaveOnServer && days !== '' ? Number(days) : null,
          },
    ...(form.sentCopy !== null && { sentCopy: form.sentCopy }),
    pace: {
      connections: form.connections,
      perMinute: form.perMinute.trim() === '' ? null : Number(form.perMinute),
    },
    passwords: {
      smtp: typed(form.smtp.password),
      incoming: typed(form.isOneLogin ? form.smtp.password : form.incoming.password),
    },
  }
}
