/**
 * Where the parts of a mail lie (RFC 2045, 2046): headers and offsets, found without copying or decoding a body.
 * Serves the practice servers only; refuses to repair or to guess, which is read-mail's craft.
 */

const DEEPEST = 20
const MOST_PARTS = 500

export type Header = { name: string; value: string }

export type Part = {
  /** In their order; names in lower case, values unfolded, not decoded. */
  headers: Header[]
  /** 'text/plain' where nothing is said. */
  type: string
  parameters: Record<string, string>
  start: number
  bodyStart: number
  end: number
  /** Of a multipart; of message/rfc822 the one mail inside. */
  children: Part[]
}

export function parseTree(mail: Buffer): Part {
  return parsePart(mail, 0, mail.length, { left: MOST_PARTS }, 0)
}

/** The first header of this name, in lower case; null where there is none. */
export function headerOf(part: Part, name: string): string | null {
  return part.headers.find(header => header.name === name)?.value ?? null
}

/** A value with parameters: `attachment; filename="a; b.pdf"`. The value is in lower case. */
export function withParameters(header: string): { value: string; parameters: Record<string, string> } {
  const value = (/^[^;]*/.exec(header)?.[0] ?? '').trim().toLowerCase()
  const parameters: Record<string, string> = {}
  for (const match of header.matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g)) {
    const name = (match[1] as string).toLowerCase()
    parameters[name] ??= match[3] ?? (match[2] ?? '').replace(/\\(.)/g, '$1')
  }
  return { value, parameters }
}

function parsePart(mail: Buffer, start: number, end: number, budget: { left: number }, depth: number): Part {
  budget.left -= 1
  const bodyStart = endOfHead(mail, start, end)
  const headers = readHeaders(mail.subarray(start, bodyStart))
  const contentType = headers.find(({ name }) => name === 'content-type')?.value ?? 'text/plain'
  const { value, parameters } = withParameters(contentType)
  const type = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(value) ? value : 'text/plain'
  const part: Part = { headers, type, parameters, start, bodyStart, end, children: [] }
  if (depth >= DEEPEST) return part
  if (type === 'message/rfc822') {
    part.children.push(parsePart(mail, bodyStart, end, budget, depth + 1))
  } else if (type.startsWith('multipart/') && parameters.boundary !== undefined) {
    for (const [from, to] of spans(mail, bodyStart, end, parameters.boundary)) {
      if (budget.left <= 0) break
      part.children.push(parsePart(mail, from, to, budget, depth + 1))
    }
  }
  return part
}

function endOfHead(mail: Buffer, start: number, end: number): number {
  if (mail.subarray(start, start + 2).equals(CRLF)) return Math.min(start + 2, end)
  const empty = mail.indexOf('\r\n\r\n', start)
  return empty < 0 || empty + 4 > end ? end : empty + 4
}

const CRLF = Buffer.from('\r\n')

function readHeaders(head: Buffer): Header[] {
  return head
    .toString('utf8')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap(line => {
      const colon = line.indexOf(':')
      if (colon <= 0) return []
      return [{ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() }]
    })
}

/** Start and end of each part between the boundary lines; the line end before a boundary belongs to it. */
function spans(mail: Buffer, start: number, end: number, boundary: string): [number, number][] {
  const found: [number, number][] = []
  const mark = Buffer.from(`--${boundary}`)
  let open: number | null = null
  let at = start
  while (found.length < MOST_PARTS) {
    at = mail.indexOf(mark, at)
    if (at < 0 || at >= end) break
    const after = at + mark.length
    const isLine = at === start || mail.subarray(at - 2, at).equals(CRLF)
    const tail = mail.toString('latin1', after, after + 2)
    // "--B" is also the beginning of "--B2".
    if (!isLine || !/^(?:--|\r\n|[ \t].?|)$/s.test(tail)) {
      at = after
      continue
    }
    if (open !== null) found.push([open, Math.max(open, at - 2)])
    open = null
    const lineEnd = mail.indexOf(CRLF, after)
    if (tail === '--' || lineEnd < 0 || lineEnd >= end) break
    open = lineEnd + 2
    at = open
  }
  if (open !== null && open < end) found.push([open, end])
  return found
}
