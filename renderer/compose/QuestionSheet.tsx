/** One sheet with every question before a mail goes: what was found, its own way out, and the two ways on. */

import { Button, Modal } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { CheckName } from '../../shared/check-name.ts'
import type { DraftQuestion } from '../../shared/draft-questions.ts'
import type { Account } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useAct } from '../ui/use-act.tsx'
import css from './QuestionSheet.module.css'
import { type Place, type Way, waysOf } from './question-ways.ts'
import { questionKey, questionWords } from './question-words.ts'
import type { Composer } from './use-composer.ts'

const TEXT: Place = { kind: 'text' }

type Props = { composer: Composer; accounts: readonly Account[]; onEdit: (place: Place) => void }

export function QuestionSheet({ composer, accounts, onEdit }: Props) {
  const words = useWords()
  /** Where the writer goes on; the sheet has to be gone before that can have the focus. */
  const wanted = useRef<Place>(TEXT)
  const asked = composer.sending.step === 'asks' ? composer.sending.questions : null
  const isDone = asked !== null && composer.openQuestions.length === 0

  function edit(place: Place): void {
    wanted.current = place
    composer.doNotSend()
  }

  return (
    <Modal
      opened={asked !== null}
      onClose={composer.doNotSend}
      onExitTransitionEnd={() => {
        // Sent, or another question: the focus is theirs.
        if (composer.sending.step === 'no') onEdit(wanted.current)
        wanted.current = TEXT
      }}
      returnFocus={false}
      title={words(isDone ? 'questions.titleDone' : 'questions.title')}
      withCloseButton={false}
      size={560}
      zIndex={400}
      onKeyDown={event => {
        // The keys of Send, held or pressed twice, answer nothing here.
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.repeat)) event.preventDefault()
      }}
    >
      {asked !== null && <Sheet asked={asked} composer={composer} accounts={accounts} onEdit={edit} />}
    </Modal>
  )
}

function Sheet({ asked, composer, accounts, onEdit }: Props & { asked: readonly DraftQuestion[] }) {
  const words = useWords()
  const act = useAct()
  const settings = useAsk('settings.get', [])
  const back = useRef<HTMLButtonElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [turnedOff, setTurnedOff] = useState<readonly CheckName[]>([])
  const open = composer.openQuestions
  const rows = withNew(asked, open)

  // The button that solved a question goes with it: the focus must not.
  useEffect(() => {
    if (open.length >= 0 && document.activeElement === document.body) back.current?.focus()
  }, [open.length])

  function turnOff(check: CheckName): void {
    setTurnedOff(current => [...current, check])
    const off = settings.data?.checksOff ?? []
    void act('settings.set', { checksOff: [...new Set([...off, check])] })
  }

  return (
    <>
      <ul className={css.rows}>
        {rows.map(question => {
          const current = open.find(other => questionKey(other) === questionKey(question))
          return (
            <Row
              key={questionKey(question)}
              question={current ?? question}
              state={current !== undefined ? 'open' : turnedOff.includes(question.check) ? 'off' : 'done'}
              ways={waysOf(current ?? question, {
                composer,
                accounts,
                edit: onEdit,
                pickFiles: () => picker.current?.click(),
              })}
              onNotAgain={() => turnOff(question.check)}
            />
          )
        })}
      </ul>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={event => {
          composer.attachments.add([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <div className={css.answers}>
        <Button ref={back} onClick={composer.doNotSend} data-autofocus>
          {words('questions.back')}
        </Button>
        <Button variant="filled" color="seal" onClick={composer.sendAnyway}>
          {words(open.length === 0 ? 'compose.send' : 'questions.sendAnyway')}
        </Button>
      </div>
    </>
  )
}

/** What was asked stays in its place; what a change brought up comes below. */
function withNew(asked: readonly DraftQuestion[], open: readonly DraftQuestion[]): DraftQuestion[] {
  const keys = new Set(asked.map(questionKey))
  return [...asked, ...open.filter(question => !keys.has(questionKey(question)))]
}

type RowProps = {
  question: DraftQuestion
  state: 'open' | 'done' | 'off'
  ways: readonly Way[]
  onNotAgain: () => void
}

function Row({ question, state, ways, onNotAgain }: RowProps) {
  const words = useWords()
  const format = useFormat()
  const Sign = state === 'open' ? IconAlertTriangle : IconCheck
  return (
    <li className={css.row} data-state={state}>
      <Sign size={17} stroke={1.9} aria-hidden className={css.sign} />
      <div className={css.what}>
        <p className={css.found}>{questionWords(question, words, format)}</p>
        {state === 'open' ? (
          <div className={css.ways}>
            {ways.map(way => (
              <Button key={way.key} size="xs" onClick={way.act}>
                {words(way.key, way.values)}
              </Button>
            ))}
            <button type="button" className={css.notAgain} onClick={onNotAgain}>
              {words('questions.notAgain')}
            </button>
          </div>
        ) : (
          <p className={css.state}>{words(state === 'off' ? 'questions.isOff' : 'questions.isDone')}</p>
        )}
      </div>
    </li>
  )
}
