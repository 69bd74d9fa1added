/**
 * Reads a mailto link (RFC 6068) strictly. Takes recipients, subject and body; refuses everything else a link may
 * ask for: `attach` would let a page send the person's files, `from` would choose who they are.
 */

import type { Address } from './model.ts'

export type Mailto = { to: Address[]; cc: Address[]; bcc: Address[]; subject: string; body: string }

const LONGEST = 64 * 1024

/** Null where it is no mailto link, is malformed, or carries control characters in its header fields. */
export function parseMailto(link: string): Mailto | null {
  if (link.length > LONGEST || !/^mailto:/i.test(link)) return null
  const [path = '', query = ''] = splitOnce(link.slice('mailto:'.length).replace(/#.*$/s, ''), '?')
  const mailto: Mailto = { to: [], cc: [], bcc: [], subject: '', body: '' }
  const to = readAddresses(path)
  if (to === null) return null
  mailto.to.push(...to)
  for (const field of query.split('&').filter(part => part !== '')) {
    const [name, value] = splitOnce(field, '=')
    if (!readField(mailto, name.toLowerCase(), value)) return null
  }
  return mailto
}

function readField(mailto: Mailto, name: string, value: string): boolean {
  if (name === 'to' || name === 'cc' || name === 'bcc') {
    const addresses = readAddresses(value)
    if (addresses === null) return false
    mailto[name].push(...addresses)
    return true
  }
  if (name !== 'subject' && name !== 'body') return true
  const text = decode(value)
  if (text === null) return false
  if (name === 'body') mailto.body = text.replace(/\r\n?/g, '\n').replaceAll('\0', '')
  else if (hasControl(text)) return false
  else mailto.subject = text
  return true
}

/** Addresses are divided by commas before they are decoded, so that an encoded comma stays inside (section 2). */
function readAddresses(text: string): Address[] | null {
  const addresses: Address[] = []
  for (const part of text.split(',').filter(piece => piece.trim() !== '')) {
    const address = decode(part)?.trim()
    if (address === undefined || hasControl(address) || /[\s<>]/.test(address)) return null
    addresses.push({ name: '', address })
  }
  return addresses
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** A plus stays a plus here, other than in forms. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f\u2028\u2029]/.test(text)
}
