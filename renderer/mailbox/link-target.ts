/** Where a link leads, for people: its host, and whether its text says another. Pure. */

export type LinkTarget = {
  url: string
  /** `print.example`, an address for mailto; with its punycode where the host is not plain ASCII. */
  shown: string
  /** The text of the link looks like another host. */
  isLying: boolean
}

const LOOKS_LIKE_HOST = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#]|$)/iu

/** Null for what never leaves: anything but http, https and mailto. */
export function linkTarget(url: string, text: string): LinkTarget | null {
  let parsed: URL
  try {
    parsed = new URL(url.trim())
  } catch {
    return null
  }
  if (parsed.protocol === 'mailto:') {
    let address = parsed.pathname
    try {
      address = decodeURIComponent(address)
    } catch {
      // A broken escape is shown as it stands.
    }
    return { url: parsed.href, shown: address, isLying: false }
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null
  const claimed = LOOKS_LIKE_HOST.exec(text.trim())?.[1]?.toLowerCase()
  return {
    url: parsed.href,
    shown: parsed.host,
    isLying: claimed !== undefined && !isSameSite(claimed, parsed.hostname),
  }
}

function isSameSite(claimed: string, host: string): boolean {
  const plain = (name: string) => {
    try {
      return new URL(`http://${name}`).hostname.replace(/^www\./, '')
    } catch {
      return name
    }
  }
  return plain(claimed) === plain(host)
}
