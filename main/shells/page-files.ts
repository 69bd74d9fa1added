/**
 * Gives the built page to a window, with the headers that keep it in: both shells serve these same answers. Refuses
 * everything that is not a file under the built renderer.
 */

import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

export type PageAnswer = { status: number; headers: Record<string, string>; body: Buffer }

/**
 * The page loads its own scripts and pictures, shows pictures it holds as bytes, and can reach nothing else. Styles may
 * be inline because the components put them there. A mail's frame inherits this and adds its own, stricter one.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'none'",
  "media-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "manifest-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer, also on refusals. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-dns-prefetch-control': 'off',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'cache-control': 'no-store',
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export type PageFiles = {
  /** `origin` is the shell's made-up one, with no slash at its end. */
  origin: string
  /** Whether the page may ask for this at all. */
  isOurs(url: string): boolean
  answer(method: string, url: string): Promise<PageAnswer>
}

/** `directory` is the built renderer (out/renderer). */
export function createPageFiles(directory: string, origin: string): PageFiles {
  const isOurs = (url: string) => url.startsWith(`${origin}/`)
  return {
    origin,
    isOurs,
    async answer(method, url) {
      if (!isOurs(url)) return refuse(403)
      if (method !== 'GET' && method !== 'HEAD') return refuse(405)
      const file = await fileOf(directory, url)
      const type = file === null ? undefined : TYPES[extname(file)]
      if (file === null || type === undefined) return refuse(404)
      try {
        const body = method === 'HEAD' ? Buffer.alloc(0) : await readFile(file)
        return { status: 200, headers: { ...PAGE_HEADERS, 'content-type': type }, body }
      } catch {
        return refuse(404)
      }
    },
  }
}

function refuse(status: number): PageAnswer {
  return {
    status,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.alloc(0),
  }
}

/** The real file a URL names, or null. What leads out of the directory, also by a link on the disk, is null. */
async function fileOf(directory: string, url: string): Promise<string | null> {
  try {
    const path = decodeURIComponent(new URL(url).pathname)
    if (path.includes('\0') || path.includes('\\')) return null
    const root = await realpath(directory)
    const file = await realpath(join(root, path === '/' ? 'index.html' : path))
    return file.startsWith(root + sep) ? file : null
  } catch {
    return null
  }
}
