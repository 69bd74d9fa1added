/** What FETCH answers (RFC 3501 section 7.4.2): ENVELOPE, BODYSTRUCTURE and sections, out of the offsets of a mail. */

import { parseAddressList } from '../../shared/address.ts'
import type { StoredMail } from './imap-store.ts'
import { internalDate, stringBytes } from './imap-syntax.ts'
import { headerOf, type Part, withParameters } from './mime-tree.ts'

export type FetchItem =
  | { kind: 'flags' | 'uid' | 'internaldate' | 'size' | 'envelope' | 'body' | 'bodystructure' }
  | {
      kind: 'section'
      label: string
      section: string
      offset: number | null
      length: number
      isPeek: boolean
    }

const MACROS: Record<string, string> = {
  ALL: 'FLAGS INTERNALDATE RFC822.SIZE ENVELOPE',
  FAST: 'FLAGS INTERNALDATE RFC822.SIZE',
  FULL: 'FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY',
}
const PLAIN_ITEMS: Record<string, FetchItem> = {
  FLAGS: { kind: 'flags' },
  UID: { kind: 'uid' },
  INTERNALDATE: { kind: 'internaldate' },
  'RFC822.SIZE': { kind: 'size' },
  ENVELOPE: { kind: 'envelope' },
  BODY: { kind: 'body' },
  BODYSTRUCTURE: { kind: 'bodystructure' },
  RFC822: whole('RFC822', '', false),
  'RFC822.HEADER': whole('RFC822.HEADER', 'HEADER', true),
  'RFC822.TEXT': whole('RFC822.TEXT', 'TEXT', false),
}

function whole(label: string, section: string, isPeek: boolean): FetchItem {
  return { kind: 'section', label, section, offset: null, length: 0, isPeek }
}

/** The items of a FETCH command; null where one is unknown. */
export function parseFetchItems(text: string): FetchItem[] | null {
  const inner = text.trim().replace(/^\((.*)\)$/s, '$1')
  const items: FetchItem[] = []
  const pattern = /\s*(?:BODY(\.PEEK)?\[([^\]]*)\](?:<(\d{1,15})\.(\d{1,15})>)?|([A-Z0-9.]+))(?=\s|$)/giy
  const source = MACROS[inner.toUpperCase()] ?? inner
  while (pattern.lastIndex < source.trimEnd().length) {
    const match = pattern.exec(source)
    if (match === null) return null
    if (match[5] !== undefined) {
      const item = PLAIN_ITEMS[match[5].toUpperCase()]
      if (item === undefined) return null
      items.push(item)
      continue
    }
    const section = (match[2] as string).toUpperCase()
    const offset = match[3] === undefined ? null : Number(match[3])
    const label = `BODY[${match[2]}]${offset === null ? '' : `<${offset}>`}`
    items.push({
      kind: 'section',
      label,
      section,
      offset,
      length: Number(match[4] ?? 0),
      isPeek: match[1] !== undefined,
    })
  }
  return items.length === 0 ? null : items
}

/** `* 3 FETCH (…)` with its line end. */
export function fetchResponse(sequence: number, stored: StoredMail, items: FetchItem[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`* ${sequence} FETCH (`)]
  items.forEach((item, index) => {
    if (index > 0) parts.push(Buffer.from(' '))
    parts.push(...itemBytes(stored, item))
  })
  parts.push(Buffer.from(')\r\n'))
  return Buffer.concat(parts)
}

function itemBytes(stored: StoredMail, item: FetchItem): Buffer[] {
  const text = (words: string) => [Buffer.from(words)]
  switch (item.kind) {
    case 'flags':
      return text(`FLAGS (${[...stored.flags].join(' ')})`)
    case 'uid':
      return text(`UID ${stored.uid}`)
    case 'internaldate':
      return text(`INTERNALDATE "${internalDate(stored.at)}"`)
    case 'size':
      return text(`RFC822.SIZE ${stored.mail.length}`)
    case 'envelope':
      return [Buffer.from('ENVELOPE '), envelope(stored.tree())]
    case 'body':
    case 'bodystructure':
      return [
        Buffer.from(`${item.kind.toUpperCase()} `),
        structure(stored.mail, stored.tree(), item.kind === 'bodystructure'),
      ]
    case 'section': {
      // A part that is not there is empty, as Dovecot has it.
      const bytes = sectionOf(stored.mail, stored.tree(), item.section) ?? Buffer.alloc(0)
      const cut = item.offset === null ? bytes : bytes.subarray(item.offset, item.offset + item.length)
      return [Buffer.from(`${item.label} {${cut.length}}\r\n`), cut]
    }
  }
}

/** Bytes of a section like '', 'HEADER.FIELDS (DATE)', '2', '1.2.MIME'; null where the mail has none such. */
export function sectionOf(mail: Buffer, root: Part, section: string): Buffer | null {
  const match = /^((?:\d+(?:\.(?=\d)|))*)\.?(.*)$/.exec(section)
  const path = (match?.[1] ?? '')
    .split('.')
    .filter(step => step !== '')
    .map(Number)
  const what = match?.[2] ?? ''
  const part = path.length === 0 ? root : partAt(root, path)
  if (part === null) return null
  const { start, bodyStart, end } = part
  if (what === '') return path.length === 0 ? mail.subarray(start, end) : mail.subarray(bodyStart, end)
  if (what === 'MIME') return path.length === 0 ? null : mail.subarray(start, bodyStart)
  // HEADER and TEXT of a numbered part speak of the mail inside it.
  const holder = path.length === 0 ? part : part.type === 'message/rfc822' ? part.children[0] : undefined
  if (holder === undefined) return null
  const head = mail.subarray(holder.start, holder.bodyStart)
  if (what === 'HEADER') return head
  if (what === 'TEXT') return mail.subarray(holder.bodyStart, holder.end)
  const fields = /^HEADER\.FIELDS(\.NOT)? \((.*)\)$/.exec(what)
  return fields === null ? null : someFields(head, fields[2] ?? '', fields[1] !== undefined)
}

function partAt(root: Part, path: number[]): Part | null {
  // What the next number counts in: the mail itself, a part of several, or the mail inside a part.
  let holder: Part | null = root
  let part: Part | null = null
  for (const step of path) {
    if (holder === null) return null
    // A mail that is not made of parts is its own first part.
    part =
      (holder.type.startsWith('multipart/') ? holder.children[step - 1] : step === 1 ? holder : null) ?? null
    if (part === null) return null
    if (part.type === 'message/rfc822' && part !== holder) holder = part.children[0] ?? null
    else holder = part.type.startsWith('multipart/') ? part : null
  }
  return part
}

function someFields(head: Buffer, names: string, isNot: boolean): Buffer {
  const wanted = new Set(names.replaceAll('"', '').toLowerCase().split(/\s+/))
  const lines = head.toString('latin1').match(/[^\r\n]+(?:\r\n[ \t][^\r\n]*)*\r\n/g) ?? []
  const chosen = lines.filter(
    line =>
      wanted.has(
        line
          .slice(0, Math.max(0, line.indexOf(':')))
          .trim()
          .toLowerCase(),
      ) !== isNot,
  )
  return Buffer.from(`${chosen.join('')}\r\n`, 'latin1')
}

function joined(parts: Buffer[], separator = ' '): Buffer {
  const between = Buffer.from(separator)
  const all = parts.flatMap((part, index) => (index === 0 ? [part] : [between, part]))
  return Buffer.concat([Buffer.from('('), ...all, Buffer.from(')')])
}

function envelope(part: Part): Buffer {
  const value = (name: string) => headerOf(part, name)
  const from = value('from')
  const lists = [
    from,
    value('sender') ?? from,
    value('reply-to') ?? from,
    value('to'),
    value('cc'),
    value('bcc'),
  ]
  return joined([
    stringBytes(value('date')),
    stringBytes(value('subject')),
    ...lists.map(addressList),
    stringBytes(value('in-reply-to')),
    stringBytes(value('message-id')),
  ])
}

function addressList(header: string | null): Buffer {
  const { addresses } = parseAddressList(header ?? '')
  if (addresses.length === 0) return Buffer.from('NIL')
  const one = ({ name, address }: { name: string; address: string }) => {
    const at = address.lastIndexOf('@')
    const words = [name === '' ? null : name, null, address.slice(0, at), address.slice(at + 1)]
    return joined(words.map(stringBytes))
  }
  return joined(addresses.map(one), '')
}

function structure(mail: Buffer, part: Part, isExtended: boolean): Buffer {
  const [type = '', subtype = ''] = part.type.toUpperCase().split('/')
  if (type === 'MULTIPART' && part.children.length > 0) {
    const children = Buffer.concat(part.children.map(child => structure(mail, child, isExtended)))
    const more = isExtended ? [parameterList(part.parameters), disposition(part), NIL, NIL] : []
    return joined([children, stringBytes(subtype), ...more])
  }
  const body = mail.subarray(part.bodyStart, part.end)
  const fields = [
    stringBytes(type),
    stringBytes(subtype),
    // RFC 2045 section 5.2: what a text does not say.
    parameterList(type === 'TEXT' ? { charset: 'us-ascii', ...part.parameters } : part.parameters),
    stringBytes(headerOf(part, 'content-id')),
    stringBytes(headerOf(part, 'content-description')),
    stringBytes((headerOf(part, 'content-transfer-encoding') ?? '7bit').toUpperCase()),
    Buffer.from(String(body.length)),
  ]
  const [inner] = part.children
  if (part.type === 'message/rfc822' && inner !== undefined) {
    fields.push(envelope(inner), structure(mail, inner, isExtended), Buffer.from(String(linesIn(body))))
  } else if (type === 'TEXT') fields.push(Buffer.from(String(linesIn(body))))
  if (isExtended) fields.push(NIL, disposition(part), NIL, NIL)
  return joined(fields)
}

const NIL = Buffer.from('NIL')

function disposition(part: Part): Buffer {
  const header = headerOf(part, 'content-disposition')
  if (header === null) return NIL
  const { value, parameters } = withParameters(header)
  return joined([stringBytes(value.toUpperCase()), parameterList(parameters)])
}

function parameterList(parameters: Record<string, string>): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [
    stringBytes(name.toUpperCase()),
    stringBytes(value),
  ])
  return pairs.length === 0 ? NIL : joined(pairs)
}

function linesIn(body: Buffer): number {
  let lines = 0
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) lines += 1
  return lines
}
