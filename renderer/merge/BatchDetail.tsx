/** A letter to many, followed: how many are where, what can be done with all, and every mail behind its row. */

import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import type { MergeBatch } from '../../shared/merge.ts'
import { useAsk } from '../ask.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { openComposer } from '../compose/composers.ts'
import { useWords } from '../i18n/words.ts'
import { OutboxDetail } from '../outbox/OutboxDetail.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useNow } from '../ui/use-now.ts'
import css from './Batch.module.css'
import { BatchRows } from './BatchRows.tsx'
import { BatchBar, BatchPill } from './BatchState.tsx'
import { isOver, useBatchWords } from './use-batch-words.ts'

const COUNTS = ['accepted', 'sending', 'waiting', 'toMake', 'needsYou', 'cancelled', 'left'] as const

export function BatchDetail({ batch, onBack }: { batch: MergeBatch; onBack: () => void }) {
  const [itemId, setItemId] = useState<string | null>(null)
  if (itemId !== null) return <OneMail itemId={itemId} onBack={() => setItemId(null)} />
  return <Whole batch={batch} onBack={onBack} onOpen={setItemId} />
}

type WholeProps = { batch: MergeBatch; onBack: () => void; onOpen: (itemId: string) => void }

function Whole({ batch, onBack, onOpen }: WholeProps) {
  const words = useWords()
  const { line, resting } = useBatchWords(batch)
  const { counts } = batch
  return (
    <>
      <header className={css.head}>
        <span className={css.back}>
          <IconButton icon={IconArrowLeft} name={words('outbox.back')} onClick={onBack} />
        </span>
        <Acts batch={batch} />
      </header>
      <div className={css.body}>
        <h2 className={css.subject}>{batch.subject || words('merge.noSubject')}</h2>
        <p className={css.stand} role="status">
          <BatchPill batch={batch} isResting={resting !== null} />
          <span>{line}</span>
        </p>
        <BatchBar batch={batch} line={line} />
        {resting !== null && <ProblemNote problem={resting} shape="line" />}
        <dl className={css.counts}>
          {COUNTS.filter(name => counts[name] > 0).map(name => (
            <div key={name}>
              <dt>{words(`merge.count.${name}`)}</dt>
              <dd>{counts[name]}</dd>
            </div>
          ))}
        </dl>
        <BatchRows batch={batch} onOpen={onOpen} />
      </div>
    </>
  )
}

function Acts({ batch }: { batch: MergeBatch }) {
  const words = useWords()
  const act = useAct()
  const [isAsking, setAsking] = useState(false)
  const { counts, state } = batch
  const open = counts.toMake + counts.waiting
  const now = useNow(1_000)
  const [isTaking, setTaking] = useState(false)

  async function takeBack(): Promise<void> {
    setTaking(true)
    const taken = await act('merge.takeBack', batch.id)
    setTaking(false)
    if (taken !== null) openComposer({ draftId: taken.draftId })
  }

  return (
    <div className={css.acts}>
      {!isOver(batch) && open > 0 && (
        <Button
          size="xs"
          {...(batch.leavesAt > now && { variant: 'filled' })}
          loading={isTaking}
          onClick={() => void takeBack()}
        >
          {words(batch.leavesAt > now ? 'compose.undo' : 'merge.takeBack')}
        </Button>
      )}
      {!isOver(batch) && state !== 'paused' && (
        <Button size="xs" onClick={() => void act('merge.pause', batch.id)}>
          {words('merge.pause')}
        </Button>
      )}
      {state === 'paused' && (
        <Button size="xs" onClick={() => void act('merge.resume', batch.id)}>
          {words('merge.resume')}
        </Button>
      )}
      {!isOver(batch) && open > 0 && (
        <Button size="xs" onClick={() => setAsking(true)}>
          {words('merge.cancel')}
        </Button>
      )}
      {isOver(batch) && (
        <Button size="xs" onClick={() => void act('merge.dismiss', batch.id)}>
          {words('merge.dismiss')}
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title={words('merge.cancelTitle')}
        yes={{
          text: words('merge.cancelYes'),
          act: () => {
            setAsking(false)
            void act('merge.cancel', batch.id)
          },
        }}
        no={{ text: words('merge.cancelNo'), act: () => setAsking(false) }}
      >
        {words('merge.cancelText', { count: open })}
      </ConfirmDialog>
    </div>
  )
}

function OneMail({ itemId, onBack }: { itemId: string; onBack: () => void }) {
  const words = useWords()
  const item = useAsk('outbox.get', [itemId])
  const back = <IconButton icon={IconArrowLeft} name={words('merge.backToBatch')} onClick={onBack} />
  if (item.isSuccess) return <OutboxDetail item={item.data} back={back} />
  return (
    <>
      <header className={css.head}>{back}</header>
      {item.isError && (
        <div className={css.body}>
          <ProblemNote problem={item.error.problem} />
        </div>
      )}
    </>
  )
}
