/** The upper edge of a composer: what it is, how its saving stands, and its size. */

import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconMinus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import css from './Composer.module.css'
import { type ComposerSize, raiseComposer, resizeComposer } from './composers.ts'
import { type Saving, useSaveState } from './use-saver.ts'

type Props = {
  composerKey: string
  titleId: string
  title: string
  size: ComposerSize
  /** What closing does; it is named by whether there is something to keep. */
  close: { name: string; act: () => void }
  children?: ReactNode
}

export function ComposerBar({ composerKey, titleId, title, size, close, children }: Props) {
  const words = useWords()
  const isMinimised = size === 'minimised'
  const isFull = size === 'full'
  return (
    <header className={css.bar}>
      {isMinimised ? (
        <button
          type="button"
          className={css.raise}
          id={titleId}
          title={words('compose.restore')}
          onClick={() => raiseComposer(composerKey)}
        >
          {title}
        </button>
      ) : (
        <h2 id={titleId} className={css.title}>
          {title}
        </h2>
      )}
      {!isMinimised && children}
      <div className={css.sizes}>
        {!isMinimised && (
          <>
            <IconButton
              icon={IconMinus}
              size="small"
              name={words('compose.minimise')}
              onClick={() => resizeComposer(composerKey, 'minimised')}
            />
            <IconButton
              icon={isFull ? IconArrowsDiagonalMinimize2 : IconArrowsDiagonal}
              size="small"
              name={words(isFull ? 'compose.makeNormal' : 'compose.makeFull')}
              onClick={() => resizeComposer(composerKey, isFull ? 'normal' : 'full')}
            />
          </>
        )}
        <IconButton icon={IconX} size="small" name={close.name} onClick={close.act} />
      </div>
    </header>
  )
}

/** How the saving stands, honestly; a new draft says nothing until something is typed. */
export function SaveNote({ saving, isTouched }: { saving: Saving; isTouched: boolean }) {
  const words = useWords()
  const format = useFormat()
  const save = useSaveState(saving)
  const isSlow = useIsSlow(save.kind === 'saving')
  if (!isTouched && save.kind === 'saved') return null
  const isTrouble = save.kind === 'failed' || save.kind === 'conflict'
  return (
    <span className={css.save} data-trouble={isTrouble || undefined} role={isTrouble ? 'status' : undefined}>
      {save.kind === 'saved' && words('compose.saved', { time: format.clock(save.at) })}
      {save.kind === 'unsaved' && words('compose.unsaved')}
      {save.kind === 'saving' && words(isSlow ? 'compose.saving' : 'compose.unsaved')}
      {save.kind === 'failed' && words('compose.notSaved')}
      {save.kind === 'conflict' && words('compose.changedElsewhere')}
    </span>
  )
}
