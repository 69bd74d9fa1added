/** A text mail: its links with their true host, its quotations by depth. */

import { Button } from '@mantine/core'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { useFoundWords } from '../search/found-words.ts'
import { markLetter } from '../search/mark-letter.ts'
import styles from './Letter.module.css'
import { LinkHint } from './LinkHint.tsx'
import { type LinkTarget, linkTarget } from './link-target.ts'
import { blocksOfText, piecesOfText, type TextPart } from './text-parts.ts'
import { useOpenLink } from './use-open-link.ts'

export function PlainLetter({ text }: { text: string }) {
  const words = useWords()
  const openLink = useOpenLink()
  const [hint, setHint] = useState<LinkTarget | null>(null)
  const pieces = useMemo(() => piecesOfText(text.replace(/\s+$/, '')), [text])
  const [shown, setShown] = useState({ text, count: 1 })
  const count = shown.text === text ? shown.count : 1
  const terms = useFoundWords()
  const letter = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other pieces are other nodes
  useEffect(
    () => (letter.current === null ? undefined : markLetter(letter.current, terms)),
    [terms, pieces, count],
  )
  if (pieces.length === 0) return <p className={styles.none}>{words('mailbox.noText')}</p>
  return (
    <div ref={letter} className={styles.text}>
      {pieces.slice(0, count).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a letter never move
        <Piece key={index} text={piece} onHint={setHint} onOpen={openLink} />
      ))}
      {count < pieces.length && (
        <Button mt="sm" onClick={() => setShown({ text, count: count + 1 })}>
          {words('mailbox.moreText')}
        </Button>
      )}
      <LinkHint target={hint} />
    </div>
  )
}

type PieceProps = { text: string; onHint(hint: LinkTarget | null): void; onOpen(url: string): void }

const Piece = memo(function Piece({ text, onHint, onOpen }: PieceProps) {
  const blocks = useMemo(() => blocksOfText(text), [text])
  return blocks.map((block, index) => {
    const content = block.lines.map((line, row) => (
      <Line
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a letter never move
        key={row}
        parts={line}
        isLast={row === block.lines.length - 1}
        onHint={onHint}
        onOpen={onOpen}
      />
    ))
    return block.depth === 0 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a letter never move
      <p key={index} className={styles.block}>
        {content}
      </p>
    ) : (
      <blockquote
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a letter never move
        key={index}
        className={`${styles.block} ${styles.quote}`}
        data-tone={block.depth % 3}
        style={{ marginLeft: (Math.min(block.depth, 12) - 1) * 14 }}
      >
        {content}
      </blockquote>
    )
  })
})

type LineProps = {
  parts: TextPart[]
  isLast: boolean
  onHint(target: LinkTarget | null): void
  onOpen(url: string): void
}

function Line({ parts, isLast, onHint, onOpen }: LineProps) {
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind === 'text') return part.text
        const show = () => onHint(linkTarget(part.url, part.text))
        return (
          // biome-ignore lint/a11y/useSemanticElements: an <a href> could navigate the page, a button cannot
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
            key={index}
            type="button"
            role="link"
            className={styles.link}
            onClick={() => onOpen(part.url)}
            onMouseEnter={show}
            onMouseLeave={() => onHint(null)}
            onFocus={show}
            onBlur={() => onHint(null)}
          >
            {part.text}
          </button>
        )
      })}
      {!isLast && '\n'}
    </>
  )
}
