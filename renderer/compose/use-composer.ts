/**
 * One open draft as its writer sees it: the fields, the saving behind them, and the way of Send. What is typed stays
 * here until the program has said that it has it.
 */

import { type RefObject, startTransition, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { draftFaults } from '../../shared/draft-check.ts'
import type { DraftQuestion } from '../../shared/draft-questions.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Account, Draft, DraftContent, MailPreview } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { isOnlySignature } from '../../shared/signature.ts'
import { call } from '../bridge.ts'
import { theRest } from '../ui/rest.ts'
import { committed } from './chips.ts'
import {
  closeComposer,
  followDeparture,
  type OpenComposer,
  openComposer,
  resizeComposer,
  sayKept,
} from './composers.ts'
import { contentOfDraft, type DraftSaver } from './draft-saver.ts'
import type { Surface } from './editor/surface.ts'
import { contentOf, type Fields, fieldsOf, isSameContent, withoutRepeats } from './fields.ts'
import type { Sending } from './sending.ts'
import { type Attachments, useAttachments } from './use-attachments.ts'
import { useFiles } from './use-files.ts'
import { type ComposerIdentity, useIdentity } from './use-identity.ts'
import { type Questioned, type Questions, useQuestions } from './use-questions.ts'
import { type Saving, useSaver } from './use-saver.ts'
import { type ComposerServer, useMailSize, useServer } from './use-server.ts'
import { useTouched } from './use-touched.ts'
import { isFarTooBig, type Meter, meterOf } from './ways-out.ts'
import { windowId } from './window-id.ts'
import type { HeldDraft } from './writing.ts'

export type Composer = {
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
  sending: Sending
  server: ComposerServer
  meter: Meter
  /** Bytes of the mail without its files. */
  bareBytes: number
  questions: Questions
  /** Of the questions that were asked, and those a change brought up: what is still open. */
  openQuestions: readonly DraftQuestion[]
  /** Why it was not sent; the draft is as it was. */
  problem: Problem | null
  send(sendAt: number | null): void
  /** The writer's yes to what was asked. */
  sendAnyway(): void
  /** The same words to the same people a second time, knowingly. */
  sendAgain(): void
  /** What is written, with all that was still in the fields. */
  written(): DraftContent
  /** Saves what is written, and gives the revision it has then. */
  saved(): Promise<Result<{ revision: number }>>
  /** Ends the draft by another way of sending; where that is done, the composer closes. */
  endBy<T>(act: () => Promise<Result<T>>): Promise<Result<T>>
  /** Another window is about to write: nothing more is typed here. */
  isLettingGo: boolean
  doNotSend(): void
  /** Shows the ways to make it smaller. */
  showWaysOut(): void
  /** Sends it now that it fits, at the time that was chosen. */
  sendSmaller(): void
  /** Each group of attachments as a mail of its own. */
  sendInParts(groups: string[][]): void
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

const NONE: readonly DraftQuestion[] = []

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
  const [sending, setSending] = useState<Sending>({ step: 'no' })
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
  const isGoing = useRef(false)
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

  function gone(): void {
    saver.stop()
    closeComposer(key)
  }

  /** What forbids sending, before the program is asked: the writer sees it without a wait. */
  function faultOf(content: DraftContent): Problem | null {
    const account = accounts.find(candidate => candidate.id === content.accountId)
    if (account === undefined) return { kind: 'not-found', what: 'account' }
    return (
      draftFaults(
        { ...content, attachments: [...attachments.attached] },
        identityOf(account, content.identityId),
      )[0] ?? null
    )
  }

  function questioned(content: DraftContent): Questioned {
    const coming = attachments.uploads.filter(({ state }) => state !== 'failed')
    const names = [...attachments.attached, ...coming].map(({ name }) => name)
    return { content, files: names, bytes, abilities: server.abilities }
  }

  async function send(sendAt: number | null): Promise<void> {
    // While the sheet is open, it alone says yes.
    if (isGoing.current || sending.step === 'asks') return
    setProblem(null)
    const content = commitRecipients()
    const fault = faultOf(content)
    if (fault !== null) {
      setProblem(fault)
      setSending({ step: 'no' })
      return
    }
    isGoing.current = true
    const found = await questions.ask(questioned(content))
    isGoing.current = false
    // What is only too big has a sheet of its own, with the ways out.
    if (found.some(({ check }) => check !== 'too-big')) setSending({ step: 'asks', questions: found, sendAt })
    else goOn(sendAt)
  }

  function goOn(sendAt: number | null): void {
    if (attachments.uploads.length > 0) setSending({ step: 'waits-for-files', sendAt })
    else void hand(sendAt)
  }

  async function hand(sendAt: number | null, meant?: 'again'): Promise<void> {
    if (isGoing.current) return
    if (isFarTooBig(meter)) {
      setSending({ step: 'too-big', sendAt })
      return
    }
    isGoing.current = true
    setSending({ step: 'going' })
    const saved = await saver.flush()
    const repeats = meant === undefined ? ([] as const) : ([meant] as const)
    const sent = saved.ok
      ? await call('outbox.send', draft.id, saved.value.revision, sendAt, ...repeats)
      : saved
    isGoing.current = false
    setSending({ step: 'no' })
    if (!sent.ok) {
      refused(sent.problem, sendAt)
      return
    }
    saver.stop()
    followDeparture(sent.value.itemId)
    closeComposer(key)
  }

  function refused(why: Problem, sendAt: number | null): void {
    if (why.kind === 'same-mail') setSending({ step: 'asks-again', sendAt, itemId: why.itemId })
    else if (why.kind === 'too-big') {
      setSurplus(current => current + why.bytes - bytes)
      setSending({ step: 'too-big', sendAt })
    } else setProblem(why)
  }

  async function handInParts(groups: string[][], sendAt: number | null): Promise<void> {
    if (isGoing.current) return
    isGoing.current = true
    setSending({ step: 'going' })
    const saved = await saver.flush()
    const split = saved.ok ? await call('drafts.split', draft.id, saved.value.revision, groups) : saved
    isGoing.current = false
    setSending({ step: 'no' })
    if (!split.ok) {
      setProblem(split.problem)
      return
    }
    gone()
    for (const part of split.value) {
      const sent = await call('outbox.send', part.id, part.revision, sendAt)
      // What could not leave is a draft of its own by now, and its writer sees it.
      if (sent.ok) followDeparture(sent.value.itemId)
      else openComposer({ draftId: part.id })
    }
  }

  // Files were on their way when Send was pressed: it goes on when they are there, and not if one failed.
  const hasFailedFile = attachments.uploads.some(upload => upload.state === 'failed')
  const isWaiting = sending.step === 'waits-for-files'
  useEffect(() => {
    // Not even when that file is taken off: the writer presses Send again, knowing what goes.
    if (isWaiting && hasFailedFile) setSending({ step: 'lacks-files' })
  }, [isWaiting, hasFailedFile])
  const isWaitingForFiles = isWaiting && attachments.uploads.length === 0
  const waitingSendAt = sending.step === 'waits-for-files' ? sending.sendAt : null
  const handLatest = useRef(hand)
  handLatest.current = hand
  useEffect(() => {
    if (isWaitingForFiles) void handLatest.current(waitingSendAt)
  }, [isWaitingForFiles, waitingSendAt])

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
    const reply = await endBy(() => call('drafts.discard', draft.id))
    if (reply.ok) return
    if (reply.problem.kind === 'not-found') gone()
    else setProblem(reply.problem)
  }

  async function endBy<T>(act: () => Promise<Result<T>>): Promise<Result<T>> {
    isGoing.current = true
    const done = await act()
    isGoing.current = false
    if (done.ok) gone()
    return done
  }

  held.writing.current = {
    isEnding: () => isGoing.current,
    async letGo(saves) {
      // Before anything else: what would be typed from here on would be nobody's.
      flushSync(() => setLettingGo(true))
      const saved = saves ? await flushed() : null
      take.current()
      const isSaved = saved === null ? saver.state().kind === 'saved' : saved.ok
      saver.stop()
      const left = contentOf(latest.current)
      const here = { ...draft, ...left, attachments: [...attachments.attached], revision: saver.revision() }
      return { draft: here, isSaved }
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

  const openQuestions = sending.step === 'asks' ? questions.again(questioned(content)) : NONE

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
    sending: sending.step === 'lacks-files' && !hasFailedFile ? { step: 'no' } : sending,
    problem,
    questions,
    openQuestions,
    send: sendAt => void send(sendAt),
    sendAnyway() {
      if (sending.step !== 'asks') return
      questions.settle(openQuestions)
      goOn(sending.sendAt)
    },
    sendAgain() {
      if (sending.step === 'asks-again') void hand(sending.sendAt, 'again')
    },
    written: commitRecipients,
    saved: flushed,
    endBy,
    isLettingGo,
    doNotSend: () => setSending({ step: 'no' }),
    showWaysOut: () => setSending({ step: 'too-big', sendAt: null }),
    sendSmaller: () => void send(sending.step === 'too-big' ? sending.sendAt : null),
    sendInParts(groups) {
      void handInParts(groups, sending.step === 'too-big' ? sending.sendAt : null)
    },
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
