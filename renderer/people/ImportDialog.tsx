/** A file of contacts before it is taken in: what would come, what is known, and what cannot be read, by its line. */

import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatAddress } from '../../shared/address.ts'
import type { ImportPreview } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useCommand } from '../ask.ts'
import { call } from '../bridge.ts'
import { sendFile } from '../compose/upload.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './ImportDialog.module.css'

type State =
  | { step: 'reading' }
  | { step: 'failed'; problem: Problem }
  | { step: 'read'; preview: ImportPreview }

const FORMATS = { vcard: 'vCard', csv: 'CSV' } as const

/** Sends the file and has it read; a file that is put away meanwhile is abandoned. */
function useImportPreview(file: File): State {
  const [state, setState] = useState<State>({ step: 'reading' })
  useEffect(() => {
    const stop = new AbortController()
    const read = async () => {
      const sent = await sendFile({
        call: (method, args) => call(method, ...args),
        file,
        signal: stop.signal,
        onProgress: () => {},
      })
      const preview = sent.ok ? await call('people.readImport', sent.value.fileToken) : sent
      if (stop.signal.aborted) return
      setState(
        preview.ok ? { step: 'read', preview: preview.value } : { step: 'failed', problem: preview.problem },
      )
    }
    void read()
    return () => stop.abort()
  }, [file])
  return state
}

export function ImportDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const words = useWords()
  const state = useImportPreview(file)
  const run = useCommand('people.import')
  const preview = state.step === 'read' ? state.preview : null
  const isEmpty = preview !== null && preview.fresh + preview.known === 0

  function take({ importId }: ImportPreview): void {
    run.mutate([importId], {
      onSuccess({ added }) {
        announce(words('people.imported', { count: added }))
        onClose()
      },
    })
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={words('people.importTitle')}
      withCloseButton={false}
      size={520}
      zIndex={400}
    >
      <p className={css.file}>
        {file.name}
        {preview !== null && (
          <span>
            {words('people.importFormat', { format: FORMATS[preview.format], encoding: preview.encoding })}
          </span>
        )}
      </p>
      <div aria-live="polite">
        {state.step === 'reading' && <p className={css.line}>{words('people.importReading')}</p>}
        {state.step === 'failed' && <Failed problem={state.problem} />}
        {isEmpty && <p className={css.line}>{words('people.importNothing')}</p>}
      </div>
      {preview !== null && <Preview preview={preview} />}
      {run.error !== null && <ProblemNote problem={run.error.problem} />}
      <div className={css.answers}>
        <Button onClick={onClose}>{words('people.stop')}</Button>
        {preview !== null && !isEmpty && (
          <Button variant="filled" loading={run.isPending} onClick={() => take(preview)}>
            {words('people.importYes')}
          </Button>
        )}
      </div>
    </Modal>
  )
}

function Failed({ problem }: { problem: Problem }) {
  const words = useWords()
  if (problem.kind !== 'invalid') return <ProblemNote problem={problem} />
  return (
    <>
      <p className={css.line}>{words('people.importNone')}</p>
      <p className={css.hint}>{words('people.importNoneHint')}</p>
    </>
  )
}

function Preview({ preview: { fresh, known, unreadable, sample } }: { preview: ImportPreview }) {
  const words = useWords()
  return (
    <>
      <ul className={css.counts}>
        {fresh > 0 && (
          <li>
            <b>{words('people.importFrom', { count: fresh })}</b>
          </li>
        )}
        {known > 0 && <li>{words('people.importKnown', { count: known })}</li>}
      </ul>
      {sample.length > 0 && (
        <>
          <p className={css.hint}>{words('people.importSample')}</p>
          <ul className={css.sample}>
            {sample.map(address => (
              <li key={address.address}>{formatAddress(address)}</li>
            ))}
          </ul>
        </>
      )}
      {unreadable.count > 0 && (
        <details className={css.unreadable}>
          <summary>{words('people.importUnreadable', { count: unreadable.count })}</summary>
          <ul>
            {unreadable.lines.map(({ line, text }) => (
              <li key={line}>
                <span>{words('people.importLine', { line })}</span>
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
