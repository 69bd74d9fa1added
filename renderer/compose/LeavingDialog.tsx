/**
 * Asks where the window is being closed while mails have not left or files are on their way: stay, let them leave first,
 * or quit now. Only where the shell leaves the question to the page; Electron asks by itself.
 */

import { Button, Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { useWords } from '../i18n/words.ts'
import dialog from './ConfirmDialog.module.css'
import { composerState } from './composers.ts'
import { farewellOf, isNothingLeft, type Unfinished, unfinishedOf } from './leaving.ts'
import { runningUploads } from './use-attachments.ts'

const quit = () => void call('app.quit')

/** Keeps the window from closing unasked; the shell takes the browser's own question away. */
function useClosing(isOurs: boolean, ask: () => void): void {
  const counts = useAsk('outbox.counts', [])
  const open = useRef(0)
  open.current = counts.isSuccess ? counts.data.sending + counts.data.waiting : 0
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    if (!isOurs) return
    const onClose = (event: BeforeUnloadEvent) => {
      // A mail that left a composer a moment ago may not be in the counts yet.
      if (open.current + runningUploads() + composerState().departing.length === 0) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('beforeunload', onClose)
    return () => window.removeEventListener('beforeunload', onClose)
  }, [isOurs])
}

export function LeavingDialog() {
  const words = useWords()
  const info = useAsk('app.info', [])
  const [isAsking, setAsking] = useState(false)
  useClosing(info.data?.shell === 'chromium', () => setAsking(true))
  return (
    <Modal
      opened={isAsking}
      onClose={() => setAsking(false)}
      title={words('compose.quitTitle')}
      withCloseButton={false}
      size={480}
      zIndex={500}
    >
      {isAsking && <Question onStay={() => setAsking(false)} />}
    </Modal>
  )
}

function Question({ onStay }: { onStay: () => void }) {
  const words = useWords()
  const outbox = useAsk('outbox.list', [])
  const [leavingIds, setLeavingIds] = useState<readonly string[] | null>(null)
  const items = outbox.data ?? []
  const unfinished = unfinishedOf(items, runningUploads())
  const farewell = leavingIds === null ? null : farewellOf(leavingIds, items)
  const isDone = outbox.isSuccess && (farewell === 'gone' || (farewell === null && isNothingLeft(unfinished)))

  // What was waited for has left, or there is nothing to ask about after all.
  useEffect(() => {
    if (isDone) quit()
  }, [isDone])

  async function leave(): Promise<void> {
    const { waiting, sending } = unfinished
    setLeavingIds([...waiting, ...sending].map(({ id }) => id))
    for (const { id } of waiting) await call('outbox.tryNow', id)
  }

  const isLeaving = farewell === 'leaving'
  return (
    <>
      <div className={dialog.text} role="status">
        {farewell === 'leaving' && <p>{words('compose.quitLeaving')}</p>}
        {farewell === 'stuck' && <p>{words('compose.quitStuck')}</p>}
        {farewell !== 'leaving' && <Facts unfinished={unfinished} />}
      </div>
      <div className={dialog.answers}>
        <Button onClick={onStay} data-autofocus>
          {words('compose.quitStay')}
        </Button>
        <Button onClick={quit}>{words('compose.quitNow')}</Button>
        {unfinished.waiting.length > 0 && farewell !== 'stuck' && (
          <Button variant="filled" color="seal" loading={isLeaving} onClick={() => void leave()}>
            {words('compose.quitSend')}
          </Button>
        )}
      </div>
    </>
  )
}

function Facts({ unfinished: { sending, waiting, scheduled, files } }: { unfinished: Unfinished }) {
  const words = useWords()
  return (
    <>
      {sending.length > 0 && <p>{words('compose.quitSending', { count: sending.length })}</p>}
      {waiting.length > 0 && <p>{words('compose.quitWaiting', { count: waiting.length })}</p>}
      {scheduled.length > 0 && <p>{words('compose.quitScheduled', { count: scheduled.length })}</p>}
      {files > 0 && <p>{words('compose.quitFiles', { count: files })}</p>}
    </>
  )
}
