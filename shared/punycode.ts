/** Reads domains as people see them: `xn--` labels decoded (RFC 3492). Refuses to encode; the wire does that. */

const BASE = 36
const SMALLEST = 1
const LARGEST = 26
const SKEW = 38
const DAMP = 700

/** The domain with every `xn--` label decoded; a label that cannot be read stays as it is. */
export function unicodeDomain(domain: string): string {
  if (!/(?:^|\.)xn--/i.test(domain)) return domain
  return domain
    .split('.')
    .map(label => (/^xn--/i.test(label) ? (decode(label.slice(4).toLowerCase()) ?? label) : label))
    .join('.')
}

/** RFC 3492 section 6.2. A label has at most 63 octets, so the splices cost nothing. */
function decode(encoded: string): string | null {
  const delimiter = encoded.lastIndexOf('-')
  const points = [...encoded.slice(0, Math.max(0, delimiter))].map(sign => sign.charCodeAt(0))
  const rest = encoded.slice(delimiter + 1)
  if (encoded.length > 63 || !/^[a-z0-9]*$/.test(rest) || points.some(point => point > 0x7f)) return null
  let point = 128
  let bias = 72
  let index = 0
  let at = 0
  while (at < rest.length) {
    const before = index
    let weight = 1
    for (let step = BASE; ; step += BASE) {
      if (at >= rest.length) return null
      const digit = Number.parseInt(rest[at] as string, BASE)
      // RFC 3492 counts letters before digits.
      const value = digit < 10 ? digit + 26 : digit - 10
      at += 1
      index += value * weight
      const threshold = step <= bias ? SMALLEST : Math.min(step - bias, LARGEST)
      if (value < threshold) break
      weight *= BASE - threshold
    }
    const count = points.length + 1
    bias = adapt(index - before, count, before === 0)
    point += Math.floor(index / count)
    index %= count
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null
    points.splice(index, 0, point)
    index += 1
  }
  return String.fromCodePoint(...points)
}

function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1
  rest += Math.floor(rest / count)
  let steps = 0
  for (; rest > ((BASE - SMALLEST) * LARGEST) >> 1; steps += BASE) rest = Math.floor(rest / (BASE - SMALLEST))
  return steps + Math.floor(((BASE - SMALLEST + 1) * rest) / (rest + SKEW))
}
