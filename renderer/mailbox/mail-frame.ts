/**
 * The second and third wall: the page that a sanitised mail is shown in, with a CSP that fetches nothing and runs
 * nothing. It stands in an iframe whose sandbox allows no script; `allow-same-origin` is there only so that we can
 * measure its height and hear its clicks.
 */

import type { SafeHtml } from './safe-html.ts'

export const SANDBOX = 'allow-same-origin'

const CSP = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Paper, ink and room; after the mail's own style only what keeps it inside the frame. */
const BEFORE = `
:root { color-scheme: light; }
body { margin: 20px 24px; background: #fff; color: #211d18; overflow-wrap: anywhere;
  font: 14.5px/1.65 -apple-system, "Segoe UI", "Inter", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
[data-url] { color: #2f5687; text-decoration: underline; cursor: pointer; }
img { max-width: 100%; height: auto; }
blockquote { margin-inline: 0; padding-inline-start: 12px; border-inline-start: 2px solid #d9d0c3; }
pre { white-space: pre-wrap; }
`
const AFTER = `
html { overflow-x: auto !important; overflow-y: hidden !important; height: auto !important; }
body { height: auto !important; min-height: 0 !important; max-height: none !important; overflow: visible !important; position: static !important; }
[data-blocked] { display: inline-block; margin: 2px 0; padding: 1px 8px; border: 1px dashed #928778; border-radius: 6px; background: #fff; color: #675e53; font: 12px/1.6 sans-serif; }
::highlight(found) { background-color: #fbf0d9; color: #211d18; text-decoration: underline 1.5px #875800; }
:focus-visible { outline: 2px solid #2f5687; outline-offset: 2px; }
`

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

/** The whole document for `srcdoc`. */
export function mailDocument(mail: SafeHtml, title: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="referrer" content="no-referrer"><title>${attribute(title)}</title>
<style>${BEFORE}</style><style>${mail.css}</style><style>${AFTER}</style></head>
<body style="${attribute(mail.bodyStyle)}">${mail.body}</body></html>`
}
