/** The quiet row under the text: formats, a link, a picture, and plain or rich. One stop for Tab; arrows go along it. */

import { ActionIcon, Tooltip } from '@mantine/core'
import {
  type Icon,
  IconBlockquote,
  IconBold,
  IconClearFormatting,
  IconCode,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
  IconPhoto,
  IconUnderline,
} from '@tabler/icons-react'
import { type KeyboardEvent, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useWords } from '../../i18n/words.ts'
import { isComposing } from '../../ui/ime.ts'
import { keyForEars, showKey } from '../../ui/keys.ts'
import css from './EditorBar.module.css'
import { type BarState, clearFormats, type FormatName, followFormats, toggleFormat } from './formats.ts'
import { LinkRow } from './LinkRow.tsx'
import type { LetterEditor } from './letter-editor.ts'
import { PictureRow } from './PictureRow.tsx'

type Props = {
  letter: LetterEditor | null
  isRich: boolean
  /** False where there is no place for their files. */
  takesPictures?: boolean
  onMode: () => void
}

const NOTHING: BarState = { active: new Set(), href: null, isPictureChosen: false }
const BUTTONS: readonly { name: Exclude<FormatName, 'link'>; icon: Icon; key: string }[] = [
  { name: 'bold', icon: IconBold, key: 'Mod+b' },
  { name: 'italic', icon: IconItalic, key: 'Mod+i' },
  { name: 'underline', icon: IconUnderline, key: 'Mod+u' },
  { name: 'bulletList', icon: IconList, key: 'Mod+Shift+8' },
  { name: 'orderedList', icon: IconListNumbers, key: 'Mod+Shift+7' },
  { name: 'blockquote', icon: IconBlockquote, key: 'Mod+Shift+b' },
  { name: 'code', icon: IconCode, key: 'Mod+e' },
]

export function EditorBar({ letter, isRich, takesPictures = true, onMode }: Props) {
  const words = useWords()
  const [isLinking, setLinking] = useState(false)
  const state = useBarState(letter)
  const along = useArrows()
  const editor = letter?.editor

  if (isRich && letter !== null && state.isPictureChosen) {
    return <PictureRow editor={letter.editor} />
  }
  if (isRich && letter !== null && isLinking) {
    return <LinkRow editor={letter.editor} href={state.href} onDone={() => setLinking(false)} />
  }
  return (
    <div className={css.bar} role="toolbar" aria-label={words('editor.bar')} {...along}>
      {isRich && (
        <>
          {BUTTONS.map(({ name, icon, key }) => (
            <BarButton
              key={name}
              icon={icon}
              name={words(`editor.${name}`)}
              keyHint={key}
              isOn={state.active.has(name)}
              onPress={() => editor !== undefined && toggleFormat(editor, name)}
            />
          ))}
          <BarButton
            icon={IconLink}
            name={words('editor.link')}
            isOn={state.active.has('link')}
            onPress={() => setLinking(true)}
          />
          {takesPictures && (
            <BarButton
              icon={IconPhoto}
              name={words('editor.picture')}
              onPress={() => letter !== null && pickPictures(letter)}
            />
          )}
          <BarButton
            icon={IconClearFormatting}
            name={words('editor.clear')}
            onPress={() => editor !== undefined && clearFormats(editor)}
          />
        </>
      )}
      <button
        type="button"
        className={css.mode}
        onClick={onMode}
        onMouseDown={event => event.preventDefault()}
      >
        {words(isRich ? 'editor.toPlain' : 'editor.toRich')}
      </button>
    </div>
  )
}

function pickPictures(letter: LetterEditor): void {
  const picker = document.createElement('input')
  picker.type = 'file'
  picker.accept = 'image/png,image/jpeg,image/gif,image/webp,image/avif'
  picker.multiple = true
  picker.onchange = () => letter.insertPictures([...(picker.files ?? [])])
  picker.click()
}

function useBarState(letter: LetterEditor | null): BarState {
  const followed = useMemo(
    () =>
      letter === null
        ? { state: () => NOTHING, subscribe: () => () => undefined }
        : followFormats(letter.editor),
    [letter],
  )
  return useSyncExternalStore(followed.subscribe, followed.state)
}

type BarButtonProps = { icon: Icon; name: string; keyHint?: string; isOn?: boolean; onPress: () => void }

function BarButton({ icon: Shape, name, keyHint, isOn, onPress }: BarButtonProps) {
  const label = keyHint === undefined ? name : `${name} ${showKey(keyHint)}`
  return (
    <Tooltip label={label} openDelay={450} closeDelay={60} withinPortal color="ink">
      <ActionIcon
        className={css.button ?? ''}
        variant="subtle"
        size={28}
        aria-label={name}
        {...(keyHint !== undefined && { 'aria-keyshortcuts': keyForEars(keyHint) })}
        {...(isOn !== undefined && { 'aria-pressed': isOn })}
        // The text keeps the focus and its selection.
        onMouseDown={event => event.preventDefault()}
        onClick={onPress}
      >
        <Shape size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

/** One stop for Tab, arrows between the buttons (ARIA toolbar). */
function useArrows() {
  const bar = useRef<HTMLDivElement>(null)
  const at = useRef(0)
  const buttons = () => Array.from(bar.current?.querySelectorAll<HTMLElement>('button') ?? [])
  const mark = () => {
    for (const [index, button] of buttons().entries()) button.tabIndex = index === at.current ? 0 : -1
  }
  return {
    ref: (element: HTMLDivElement | null) => {
      bar.current = element
      at.current = Math.min(at.current, Math.max(0, buttons().length - 1))
      mark()
    },
    onKeyDown(event: KeyboardEvent) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (step === undefined || isComposing(event)) return
      const all = buttons()
      at.current = (all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length
      mark()
      all[at.current]?.focus()
      event.preventDefault()
    },
  }
}
