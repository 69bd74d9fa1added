/**
 * The way of one draft out of its composer: faults, questions, files that are still coming, and the call that hands it to
 * the outbox or ends it otherwise. Refuses to go twice at a time, and to send other words than were there at Send.
 */

import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { draftFaults } from '../../shared/draft-check.ts'
import type { DraftQuestion } from '../../shared/draft-questions.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Account, Draft, DraftContent, ServerAbilities } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { isComposing } from '../ui/ime.ts'
import { closeComposer, followDeparture, openComposer } from './composers.ts'
import type { DraftSaver } from './draft-saver.ts'
import type { Sending } from './sending.ts'
import type { Attachments } from './use-attachments.ts'
import type { Questioned, Questions } from './use-questions.ts'
import { isFarTooBig, type Meter } from './ways-out.ts'

/** What a composer shows of it, and the acts of its buttons. */
export type SendingOfComposer = {
  sending: Sending
  /** Of the questions that were asked, and those a change brought up: what is still open. */
  openQuestions: readonly DraftQuestion[]
  send(sendAt: number | null): void
  /** The writer's yes to what was asked. */
  sendAnyway(): void
  /** The same words to the same people a second time, knowingly. */
  sendAgain(): void
  doNotSend(): void
  /** Shows the ways to make it smaller. */
  showWaysOut(): void
  /** Sends it now that it fits, at the time that was chosen. */
  sendSmaller(): void
  /** Each group of attachments as a mail of its own. */
  sendInParts(groups: string[][]): void
}

type Way = {
  ofComposer: SendingOfComposer
  /** It is being sent, or ended in another way. */
  isEnding(): boolean
  /** Ends the draft by another way of sending; where that is done, the composer closes. */
  endBy<T>(act: () => Promise<Result<T>>): Promise<Result<T>>
  /** The draft is no more: the composer closes. */
  gone(): void
  /** Takes Send back while the program is still asked; false where the mail is on its way into the outbox already. */
  takeBack(): boolean
}

type Needs = {
  key: string
  draft: Draft
  accounts: readonly Account[]
  saver: DraftSaver
  attachments: Attachments
  /** Of the server; null where it was never met. */
  abilities: ServerAbilities | null
  meter: Meter
  /** Of the mail with its files, as far as it is known. */
  bytes: number
  questions: Questions
  /** As it is shown. */
  content: DraftContent
  /** With all that was still in the fields. */
  written(): DraftContent
  setProblem(problem: Problem | null): void
  /** The program counted its real bytes. */
  onCounted(bytes: number): void
}

const NONE: readonly DraftQuestion[] = []

export function useSending(needs: Needs): Way {
  const { key, draft, accounts, saver, attachments, abilities, meter, bytes, questions, setProblem } = needs
  const [sending, setSending] = useState<Sending>({ step: 'no' })
  const isGoing = useRef(false)
  /** The press of Send whose questions are being looked for; another one each time. */
  const attempt = useRef<object | null>(null)
  const isLooking = sending.step === 'looks'
  const keepPlace = useKeptPlace(sending.step)
  // Whoever takes this draft over does not send it by a press that was made here.
  useEffect(
    () => () => {
      attempt.current = null
    },
    [],
  )

  function takeBack(): boolean {
    if (attempt.current !== null) {
      attempt.current = null
      isGoing.current = false
      setSending({ step: 'no' })
    }
    return !isGoing.current
  }

  const takeBackLatest = useRef(takeBack)
  takeBackLatest.current = takeBack
  useEffect(() => {
    if (!isLooking) return
    // No field has the focus meanwhile, so that this key is heard by the window alone.
    const stop = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return
      event.preventDefault()
      takeBackLatest.current()
    }
    window.addEventListener('keydown', stop)
    return () => window.removeEventListener('keydown', stop)
  }, [isLooking])

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
    return { content, files: names, bytes, abilities }
  }

  async function send(sendAt: number | null): Promise<void> {
    // While the sheet is open, it alone says yes.
    if (isGoing.current || sending.step === 'asks') return
    setProblem(null)
    const content = needs.written()
    const fault = faultOf(content)
    if (fault !== null) {
      setProblem(fault)
      setSending({ step: 'no' })
      return
    }
    isGoing.current = true
    const mine = {}
    keepPlace()
    attempt.current = mine
    const isWanted = () => attempt.current === mine
    // Before anything else: from here on nobody types. What was written when Send was pressed is what is looked at, and
    // what goes.
    flushSync(() => setSending({ step: 'looks' }))
    const found = await questions.ask(questioned(content), isWanted)
    if (!isWanted()) return
    attempt.current = null
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
      needs.onCounted(why.bytes)
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

  async function endBy<T>(act: () => Promise<Result<T>>): Promise<Result<T>> {
    isGoing.current = true
    const done = await act()
    isGoing.current = false
    if (done.ok) gone()
    return done
  }

  const openQuestions = sending.step === 'asks' ? questions.again(questioned(needs.content)) : NONE

  return {
    ofComposer: {
      sending: sending.step === 'lacks-files' && !hasFailedFile ? { step: 'no' } : sending,
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
      doNotSend() {
        takeBack()
        setSending({ step: 'no' })
      },
      showWaysOut: () => setSending({ step: 'too-big', sendAt: null }),
      sendSmaller: () => void send(sending.step === 'too-big' ? sending.sendAt : null),
      sendInParts(groups) {
        void handInParts(groups, sending.step === 'too-big' ? sending.sendAt : null)
      },
    },
    isEnding: () => isGoing.current,
    endBy,
    gone,
    takeBack,
  }
}

/** Where the writer was at Send: there they go on if the mail stays, and nothing else has the focus by then. */
function useKeptPlace(step: Sending['step']): () => void {
  const place = useRef<Element | null>(null)
  useEffect(() => {
    if (step !== 'no' || place.current === null) return
    if (document.activeElement === document.body && place.current instanceof HTMLElement)
      place.current.focus({ preventScroll: true })
    place.current = null
  }, [step])
  return () => {
    place.current = document.activeElement
  }
}
