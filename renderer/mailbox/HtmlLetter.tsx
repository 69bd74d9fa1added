/** An HTML mail on its own paper, inert: sanitised, in a sandboxed frame of its own that fetches and runs nothing. */

import { useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { useFoundWords } from '../search/found-words.ts'
import { markLetter } from '../search/mark-letter.ts'
import styles from './Letter.module.css'
import { LinkHint } from './LinkHint.tsx'
import { type LinkTarget, linkTarget } from './link-target.ts'
import { mailDocument, SANDBOX } from './mail-frame.ts'
import { type SafeHtml, safeHtml } from './safe-html.ts'
import { useOpenLink } from './use-open-link.ts'

type Props = {
  html: string
  images: Readonly<Record<string, string>>
  /** Pictures from the internet that are here, by their addresses; none where nothing is said. */
  fetched?: Readonly<Record<string, string>>
  onLeftOut(leftOut: LeftOut): void
}

const NONE: Readonly<Record<string, string>> = {}

/** What of the mail lies in the internet and is not shown. */
export type LeftOut = Pick<SafeHtml, 'blocked' | 'wanted' | 'trackers'>

export function HtmlLetter({ html, images, fetched = NONE, onLeftOut }: Props) {
  const words = useWords()
  const openLink = useOpenLink()
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(120)
  const [hint, setHint] = useState<LinkTarget | null>(null)
  const title = words('mailbox.htmlFrame')
  const mail = useMemo(() => safeHtml(html, images, fetched), [html, images, fetched])
  const page = useMemo(() => mailDocument(mail, title), [mail, title])
  useEffect(() => onLeftOut(mail), [mail, onLeftOut])

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    let stop: (() => void) | undefined
    const begin = () => {
      stop?.()
      const inner = element.contentDocument
      // Before it has loaded, the frame may hold a document without an element.
      if (inner !== null && inner.documentElement !== null)
        stop = attend(inner, { onHeight: setHeight, onHint: setHint, onOpen: openLink })
    }
    element.addEventListener('load', begin)
    begin()
    return () => {
      element.removeEventListener('load', begin)
      stop?.()
    }
  }, [openLink])
  const terms = useFoundWords()
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    let clear = () => {}
    const mark = () => {
      clear()
      const body = element.contentDocument?.body ?? null
      if (body !== null) clear = markLetter(body, terms)
    }
    element.addEventListener('load', mark)
    mark()
    return () => {
      element.removeEventListener('load', mark)
      clear()
    }
  }, [terms])

  return (
    <div className={styles.paper}>
      <iframe
        ref={frame}
        className={styles.frame}
        title={title}
        sandbox={SANDBOX}
        referrerPolicy="no-referrer"
        srcDoc={page}
        style={{ height }}
      />
      <LinkHint target={hint} />
    </div>
  )
}

type Attention = {
  onHeight(height: number): void
  onHint(target: LinkTarget | null): void
  onOpen(url: string): void
}

function linkOf(event: Event): { url: string; text: string } | null {
  const element = event.target as Element | null
  const link = typeof element?.closest === 'function' ? element.closest('[data-url]') : null
  const url = link?.getAttribute('data-url') ?? null
  return url === null ? null : { url, text: link?.textContent ?? '' }
}

/** Listens from outside; inside the frame nothing runs. Returns the end of it. */
function attend(inner: Document, { onHeight, onHint, onOpen }: Attention): () => void {
  const measure = () => onHeight(Math.min(60_000, Math.ceil(inner.documentElement.offsetHeight) + 1))
  const observer = new ResizeObserver(measure)
  observer.observe(inner.documentElement)
  measure()
  const open = (event: Event) => {
    const link = linkOf(event)
    event.preventDefault()
    if (link !== null) onOpen(link.url)
  }
  const hint = (event: Event) => {
    const link = linkOf(event)
    onHint(link === null ? null : linkTarget(link.url, link.text))
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && linkOf(event) !== null) {
      open(event)
      return
    }
    // The keys of the window go on working while the mail has the focus.
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event
    const copy = new KeyboardEvent('keydown', {
      key,
      ctrlKey,
      metaKey,
      shiftKey,
      altKey,
      bubbles: true,
      cancelable: true,
    })
    if (!document.dispatchEvent(copy)) event.preventDefault()
  }
  inner.addEventListener('click', open)
  inner.addEventListener('auxclick', open)
  inner.addEventListener('mouseover', hint)
  inner.addEventListener('mouseleave', hint)
  inner.addEventListener('focusin', hint)
  inner.addEventListener('focusout', () => onHint(null))
  inner.addEventListener('keydown', press)
  return () => {
    observer.disconnect()
    onHint(null)
  }
}
