/**
 * One open draft as its writer sees it: the fields, the saving behind them, and the way of Send. What is typed stays
 * here until the program has said that it has it.
 */

import { type RefObject, startTransition, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Account, Draft, DraftContent, MailPreview } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { isOnlySignature } from '../../shared/signature.ts'
import { call } from '../bridge.ts'
import { theRest } from '../ui/rest.ts'
import { committed } from './chips.ts'
import { type OpenComposer, resizeComposer, sayKept } from './composers.ts'
import { contentOfDraft, type DraftSaver } from './draft-saver.ts'
import type { Surface } from './editor/surface.ts'
import { contentOf, type Fields, fieldsOf, isSameContent, withoutRepeats } from './fields.ts'
import { type Attachments, useAttachments } from './use-attachments.ts'
import { useFiles } from './use-files.ts'
import { type ComposerIdentity, useIdentity } from './use-identity.ts'
import { type Questions, useQuestions } from './use-questions.ts'
import { type Saving, useSaver } from './use-saver.ts'
import { type SendingOfComposer, useSending } from './use-sending.ts'
import { type ComposerServer, useMailSize, useServer } from './use-server.ts'
import { useTouched } from './use-touched.ts'
import { type Meter, meterOf } from './ways-out.ts'
import { windowId } from './window-id.ts'
import type { HeldDraft } from './writing.ts'

export type Composer = SendingOfComposer & {
  fields: Fields
  /** Not of who writes: that is `identity.writeAs`. */
  change(patch: Partial<Omit<Fields, 'accountId' | 'identityId'>>): void
  identity: ComposerIdentity
  saving: Saving
  /** Whether anything was typed since the draft was opened. */
  isTouched: boolean
  attachments: Attachments
  /** The attachments that are listed: without the pictures within the text. */
  files: Attachments
  /** The editor of the text, once it is there; the text in `fields` is what it gave last. */
  surface: RefObject<Surface | null>
  /** Changes where the text was replaced from outside of the editor. */
  letterVersion: number
  /** Something is being written on the surface. */
  typing(): void
  server: ComposerServer
  meter: Meter
  /** Bytes of the mail without its files. */
  bareBytes: number
  questions: Questions
  /** Why it was not sent; the draft is as it was. */
  problem: Problem | null
  /** What is written, with all that was still in the fields. */
  written(): DraftContent
  /** Saves what is written, and gives the revision it has then. */
  saved(): Promise<Result<{ revision: number }>>
  /** Ends the draft by another way of sending; where that is done, the composer closes. */
  endBy<T>(act: () => Promise<Result<T>>): Promise<Result<T>>
  /** Another window is about to write: nothing more is typed here. */
  isLettingGo: boolean
  close(): void
  discard(): void
  hasSomething(): boolean
  /** Saves what is typed and gives the mail that it would be now. */
  preview(): Promise<Result<MailPreview>>
  /** Brings a version back as the newest, in the fields and on disk. */
  putBack(versionId: number): Promise<Result<Draft>>
  keepMine(): void
  takeTheirs(): void
  /** Saves at once: the window loses the focus. */
  saveNow(): void
}

export function useComposer(
  { key }: OpenComposer,
  draft: Draft,
  isNew: boolean,
  accounts: readonly Account[],
  held: HeldDraft,
): Composer {
  const surface = useRef<Surface | null>(null)
  const take = useRef(() => {})
  const saver = useSaver(draft, surface, take, held)
  const [fields, setFields] = useState(() => fieldsOf(contentOfDraft(draft)))
  const { isTouched, isTouchedNow, touch } = useTouched(held.isUnsaved)
  const [isLettingGo, setLettingGo] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const attachments = useAttachments(draft.id, draft.attachments)
  const { files, travelling } = useFiles(attachments, fields.html ?? null)
  const [letterVersion, setLetterVersion] = useState(0)
  const server = useServer(fields.accountId, accounts)
  // What the program counted beyond the estimate, once it has counted.
  const [surplus, setSurplus] = useState(0)
  const content = contentOf(fields)
  const size = useMailSize(content, accounts, draft.references, travelling)
  const bareBytes = size.bareBytes + surplus
  const bytes = size.bytes + surplus
  const meter = meterOf(bytes, server.abilities?.size ?? null)
  const questions = useQuestions(draft, accounts)
  // Two changes in one event (a paste that blurs) both build on what was typed last.
  const latest = useRef(fields)
  const showLater = useRef(() => {})

  function change(patch: Partial<Fields>): void {
    setFields(changed(patch))
  }

  /** What is typed from now on builds on this; what is shown of it may come later. */
  function changed(patch: Partial<Fields>): Fields {
    const before = latest.current
    const next = withoutRepeats(before, { ...before, ...patch })
    latest.current = next
    const content = contentOf(next)
    if (isSameContent(content, contentOf(before))) return next
    touch()
    setProblem(null)
    saver.change(content)
    return next
  }

  const identity = useIdentity({ fields, latest, accounts, surface, change })

  take.current = () => {
    const letter = surface.current?.take() ?? null
    if (letter === null) return
    changed(letter)
    // The text shows itself. What else depends on it is rendered when the hand rests, and in pieces.
    showLater.current()
    showLater.current = theRest().at(() => startTransition(() => setFields(latest.current)))
  }

  function typing(): void {
    touch()
    saver.touch()
  }

  function commitRecipients(): DraftContent {
    take.current()
    const { to, cc, bcc } = latest.current
    change({ to: committed(to), cc: committed(cc), bcc: committed(bcc) })
    return contentOf(latest.current)
  }

  function flushed(): ReturnType<DraftSaver['flush']> {
    commitRecipients()
    return saver.flush()
  }

  const way = useSending({
    key,
    draft,
    accounts,
    saver,
    attachments,
    abilities: server.abilities,
    meter,
    bytes,
    questions,
    content,
    written: commitRecipients,
    setProblem,
    onCounted: counted => setSurplus(current => current + counted - bytes),
  })
  const { gone, endBy } = way

  async function preview(): Promise<Result<MailPreview>> {
    const saved = await flushed()
    return saved.ok ? call('drafts.preview', draft.id, saved.value.revision) : saved
  }

  function hasSomething(): boolean {
    take.current()
    const { to, cc, bcc, subject, text } = contentOf(latest.current)
    const hasNoText = text.trim() === '' || isOnlySignature(text, identity.chosen?.signature ?? null)
    const isBlank = to.length + cc.length + bcc.length === 0 && subject.trim() === '' && hasNoText
    return !isBlank || attachments.attached.length + attachments.uploads.length > 0
  }

  /** What this composer made and nobody wrote in is nothing to keep. */
  const isUntouchedNew = () =>
    isNew && !isTouchedNow() && attachments.attached.length + attachments.uploads.length === 0

  async function leave(): Promise<void> {
    // On its way into the outbox the mail cannot be left: where it is refused, its writer hears why.
    if (!way.takeBack()) return
    if (isUntouchedNew() || (isNew && !hasSomething())) {
      gone()
      await call('drafts.discard', draft.id)
      return
    }
    // A file on its way would be lost with the window: it goes on behind the bar.
    if (attachments.uploads.some(upload => upload.state !== 'failed')) {
      resizeComposer(key, 'minimised')
      return
    }
    const saved = await flushed()
    if (!saved.ok) return
    gone()
    sayKept(draft.id)
  }

  async function throwAway(): Promise<void> {
    if (!way.takeBack()) return
    const reply = await endBy(() => call('drafts.discard', draft.id))
    if (reply.ok) return
    if (reply.problem.kind === 'not-found') gone()
    else setProblem(reply.problem)
  }

  held.writing.current = {
    isEnding: way.isEnding,
    async letGo(saves) {
      way.takeBack()
      // Before anything else: what would be typed from here on would be nobody's.
      flushSync(() => setLettingGo(true))
      const saved = saves ? await flushed() : null
      take.current()
      const isSaved = saved === null ? saver.state().kind === 'saved' : saved.ok
      saver.stop()
      const left = contentOf(latest.current)
      const here = { ...draft, ...left, attachments: [...attachments.attached], revision: saver.revision() }
      const coming = attachments.uploads.filter(({ state }) => state !== 'failed')
      return { draft: here, isSaved, files: coming.map(({ name }) => name) }
    },
  }

  async function takeSaved(): Promise<void> {
    const reply = await call('drafts.get', draft.id)
    if (!reply.ok) {
      setProblem(reply.problem)
      return
    }
    show(reply.value)
  }

  /** The draft as the program has it takes the place of what is in the fields; undo brings the old text back. */
  function show(saved: Draft): void {
    saver.takeTheirs(saved)
    latest.current = fieldsOf(contentOfDraft(saved))
    setFields(latest.current)
    attachments.take(saved.attachments)
    const letter = { html: saved.html ?? null, text: saved.text }
    if (surface.current?.replace(letter) !== true) setLetterVersion(version => version + 1)
  }

  async function putBack(versionId: number): Promise<Result<Draft>> {
    const saved = await flushed()
    if (!saved.ok) return saved
    const restored = await call('drafts.restoreVersion', draft.id, saved.value.revision, versionId, windowId)
    if (restored.ok) {
      touch()
      show(restored.value)
    }
    return restored
  }

  return {
    fields,
    change,
    identity,
    saving: saver,
    isTouched,
    attachments,
    files,
    surface,
    letterVersion,
    typing,
    server,
    meter,
    bareBytes,
    problem,
    questions,
    ...way.ofComposer,
    written: commitRecipients,
    saved: flushed,
    endBy,
    isLettingGo,
    close: () => void leave(),
    discard: () => void throwAway(),
    hasSomething,
    preview,
    putBack,
    keepMine: () => void saver.keepMine(),
    takeTheirs: () => void takeSaved(),
    saveNow: () => void saver.flush(),
  }
}
