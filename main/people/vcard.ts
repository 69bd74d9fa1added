/**
 * vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): reads names, readings and addresses, writes 4.0. Ours, because each
 * card has to stand for itself with its line in the file, and 2.1 with quoted-printable is what Japanese phones write.
 */

import { parseAddress } from '../../shared/address.ts'
import { cutText } from '../../shared/cut-text.ts'
import { type FileContact, type Found, fullName } from './file-contact.ts'

type Line = { at: number; text: string }
type Property = { name: string; parameters: string; value: string }

const MOST_SHOWN = 120

export function readVcards(text: string): Found {
  const found: Found = { contacts: [], unreadable: [] }
  let card: { at: number; properties: Property[] } | null = null
  const close = () => {
    if (card === null) return
    const contacts = contactsOf(card.properties)
    if (contacts.length > 0) found.contacts.push(...contacts)
    else found.unreadable.push({ line: card.at, text: cutText(nameOf(card.properties), MOST_SHOWN) })
    card = null
  }
  for (const line of unfold(text)) {
    if (/^BEGIN:VCARD\s*$/i.test(line.text)) {
      // A card that was never ended is still a card.
      close()
      card = { at: line.at, properties: [] }
    } else if (/^END:VCARD\s*$/i.test(line.text)) close()
    else if (card !== null) {
      const property = parseProperty(line.text)
      if (property !== null) card.properties.push(property)
    } else if (line.text.trim() !== '') {
      found.unreadable.push({ line: line.at, text: cutText(line.text, MOST_SHOWN) })
    }
  }
  close()
  return found
}

/** Lines that begin with a space go on; so do quoted-printable ones that end in `=` (2.1). */
function unfold(text: string): Line[] {
  const lines: Line[] = []
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const last = lines.at(-1)
    if (last !== undefined && /^[ \t]/.test(raw)) last.text += raw.slice(1)
    else if (
      last !== undefined &&
      /;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i.test(last.text) &&
      last.text.endsWith('=')
    ) {
      last.text = last.text.slice(0, -1) + raw
    } else lines.push({ at: index + 1, text: raw })
  }
  return lines
}

function parseProperty(line: string): Property | null {
  const colon = endOfParameters(line)
  if (colon < 0) return null
  const [head = '', ...parameters] = line.slice(0, colon).split(';')
  const name = head.replace(/^.*\./, '').trim().toUpperCase()
  const all = parameters.join(';').toUpperCase()
  const raw = line.slice(colon + 1)
  return { name, parameters: all, value: /QUOTED-PRINTABLE/.test(all) ? decodeQuoted(raw, all) : raw }
}

/** The colon outside of quotes. */
function endOfParameters(line: string): number {
  let isQuoted = false
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted
    else if (line[at] === ':' && !isQuoted) return at
  }
  return -1
}

function decodeQuoted(value: string, parameters: string): string {
  const charset = /CHARSET=([^;:]+)/.exec(parameters)?.[1] ?? 'UTF-8'
  const bytes: number[] = []
  for (let at = 0; at < value.length; at += 1) {
    const code = /^=([0-9A-F]{2})/i.exec(value.slice(at, at + 3))?.[1]
    if (code !== undefined) {
      bytes.push(Number.parseInt(code, 16))
      at += 2
    } else bytes.push(...Buffer.from(value[at] ?? ''))
  }
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes))
  } catch {
    return Buffer.from(bytes).toString()
  }
}

/** The parts of a value such as N, at semicolons that are not escaped. */
function partsOf(value: string): string[] {
  return value.split(/(?<!\\);/).map(unescaped)
}

function unescaped(value: string): string {
  return value.replace(/\\([\\,;nN:])/g, (_all, sign: string) => (/n/i.test(sign) ? ' ' : sign)).trim()
}

function textOf(properties: readonly Property[], ...names: string[]): string {
  for (const name of names) {
    const value = properties.find(property => property.name === name)?.value ?? ''
    if (value.trim() !== '') return value
  }
  return ''
}

function nameOf(properties: readonly Property[]): string {
  const full = unescaped(textOf(properties, 'FN'))
  if (full !== '') return full
  const [family = '', given = '', middle = ''] = partsOf(textOf(properties, 'N'))
  return fullName(family, given, middle) || (partsOf(textOf(properties, 'ORG'))[0] ?? '')
}

function readingOf(properties: readonly Property[]): string {
  const [family = '', given = ''] = ['LAST', 'FIRST'].map(part =>
    unescaped(textOf(properties, `X-PHONETIC-${part}-NAME`)),
  )
  // SOUND;X-IRMC-N is how Japanese phones write it, in half width.
  const sound = partsOf(textOf(properties, 'SOUND')).join(' ')
  return (fullName(family, given) || sound || sortedAs(properties)).normalize('NFKC')
}

function sortedAs(properties: readonly Property[]): string {
  const parameter = /SORT-AS="?([^";:]+)/.exec(
    textOf(properties, 'N') === '' ? '' : parametersOf(properties, 'N'),
  )
  const words = parameter?.[1] ?? unescaped(textOf(properties, 'SORT-STRING'))
  return /[\u3040-\u30ff]/.test(words) ? words.replaceAll(',', ' ') : ''
}

function parametersOf(properties: readonly Property[], name: string): string {
  return properties.find(property => property.name === name)?.parameters ?? ''
}

function contactsOf(properties: readonly Property[]): FileContact[] {
  const name = nameOf(properties)
  const reading = readingOf(properties)
  return properties
    .filter(property => property.name === 'EMAIL')
    .flatMap(({ value }) => parseAddress(unescaped(value)) ?? [])
    .map(({ address }) => ({ address: { name, address }, reading }))
}

// ------------------------------------------------------------ writing

/** One card of version 4.0 for each, lines folded at 75 octets (RFC 6350 section 3.2). */
export function writeVcards(contacts: readonly FileContact[]): string {
  return contacts
    .map(({ address: { name, address }, reading }) => {
      const lines = [
        'BEGIN:VCARD',
        'VERSION:4.0',
        `FN:${escaped(name === '' ? address : name)}`,
        ...(reading === '' ? [] : [`N;SORT-AS="${reading.replace(/["\\]/g, '')}":${escaped(name)};;;;`]),
        `EMAIL:${escaped(address)}`,
        'END:VCARD',
      ]
      return `${lines.map(fold).join('\r\n')}\r\n`
    })
    .join('')
}

function escaped(value: string): string {
  return value.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

function fold(line: string): string {
  const folded: string[] = []
  let piece = ''
  let bytes = 0
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (bytes + size > 75) {
      folded.push(piece)
      piece = ' '
      bytes = 1
    }
    piece += sign
    bytes += size
  }
  return [...folded, piece].join('\r\n')
}
