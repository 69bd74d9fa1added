/** The edge between two panes: dragged with the pointer, or moved with the arrow keys. */

import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import styles from './PaneHandle.module.css'

type Props = {
  name: string
  width: number
  limits: { min: number; max: number }
  onResize(width: number): void
  onDone(): void
}

const STEP = 16

export function PaneHandle({ name, width, limits, onResize, onDone }: Props) {
  const start = useRef<{ x: number; width: number } | null>(null)

  function begin(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width }
  }

  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (start.current !== null) onResize(start.current.width + event.clientX - start.current.x)
  }

  function end(): void {
    if (start.current === null) return
    start.current = null
    onDone()
  }

  function press(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
    if (step === undefined) return
    event.preventDefault()
    onResize(width + step)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves has no element of its own
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={name}
      aria-valuenow={width}
      aria-valuemin={limits.min}
      aria-valuemax={limits.max}
      tabIndex={0}
      className={styles.handle}
      style={{ left: width - 4 }}
      onPointerDown={begin}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={press}
      onKeyUp={event => event.key.startsWith('Arrow') && onDone()}
    />
  )
}
