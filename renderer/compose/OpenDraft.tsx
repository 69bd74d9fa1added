/**
 * An open draft as this window may have it: to write, to read while another window writes, or as what is left where it
 * was sent or discarded elsewhere. Whatever happens there, no word that was typed here goes away with it.
 */

import { useRef, useState } from 'react'
import type { DraftEnd, DraftWriter } from '../../shared/draft-writer.ts'
import type { Account, Draft } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { ComposerForm } from './ComposerForm.tsx'
import type { ComposerSize, OpenComposer } from './composers.ts'
import { contentOfDraft } from './draft-saver.ts'
import { ReadOnlyDraft } from './ReadOnlyDraft.tsx'
import type { OpenedDraft } from './use-draft.ts'
import { useWriter } from './use-writer.ts'
import { windowId } from './window-id.ts'
import type { Left, Writing } from './writing.ts'

type Hold =
  | { kind: 'writes'; draft: Draft; isNew: boolean; isUnsaved: boolean }
  | { kind: 'reads'; left: Left | null }
  | { kind: 'ended'; how: DraftEnd; left: Left | null }

type Props = {
  composer: OpenComposer
  size: ComposerSize
  opened: OpenedDraft
  accounts: readonly Account[]
}

export function OpenDraft({ composer, size, opened, accounts }: Props) {
  const { draft } = opened
  const [hold, setHold] = useState<Hold>(() => firstHold(opened))
  /** As it is by now, for answers that come late. */
  const now = useRef(hold)
  const writing = useRef<Writing | null>(null)
  const become = (next: Hold) => {
    now.current = next
    setHold(next)
  }

  async function leave(saves: boolean): Promise<Left | null> {
    if (now.current.kind !== 'writes') return now.current.left
    return (await writing.current?.letGo(saves)) ?? null
  }

  /** Words of this window that were never saved come back as if they had just been typed. */
  async function write(): Promise<void> {
    const { current } = now
    if (current.kind !== 'reads') return
    const saved = await call('drafts.get', draft.id)
    if (!saved.ok) return
    const unsaved = current.left?.isSaved === false ? current.left.draft : null
    const shown =
      unsaved === null
        ? saved.value
        : { ...saved.value, ...contentOfDraft(unsaved), revision: unsaved.revision }
    become({ kind: 'writes', draft: shown, isNew: false, isUnsaved: unsaved !== null })
  }

  async function hear(writer: DraftWriter): Promise<void> {
    switch (writer) {
      case 'you':
        return write()
      case 'wanted': {
        const left = await leave(true)
        await call('drafts.release', draft.id, windowId)
        become({ kind: 'reads', left })
        return
      }
      case 'other':
        if (now.current.kind === 'writes') become({ kind: 'reads', left: await leave(true) })
        return
      default:
        if (now.current.kind === 'ended' || writing.current?.isEnding() === true) return
        become({ kind: 'ended', how: writer, left: await leave(false) })
    }
  }

  const { look, take } = useWriter(draft.id, hear)

  if (hold.kind === 'writes') {
    return (
      <ComposerForm
        composer={composer}
        size={size}
        draft={hold.draft}
        isNew={hold.isNew}
        isUnsaved={hold.isUnsaved}
        accounts={accounts}
        writing={writing}
        onRefused={look}
      />
    )
  }
  return (
    <ReadOnlyDraft
      composer={composer}
      size={size}
      first={draft}
      left={hold.left}
      ended={hold.kind === 'ended' ? hold.how : null}
      onTake={take}
    />
  )
}

function firstHold({ draft, isNew, writer }: OpenedDraft): Hold {
  if (writer === 'you' || writer === 'wanted') return { kind: 'writes', draft, isNew, isUnsaved: false }
  if (writer === 'other') return { kind: 'reads', left: null }
  return { kind: 'ended', how: writer, left: null }
}
