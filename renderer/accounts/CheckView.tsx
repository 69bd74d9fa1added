/** The check of an account, live: both servers, stage by stage, green or with the server's own words. */

import { Button } from '@mantine/core'
import { IconCheck, IconCircle, IconLoader2, IconMinus, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { AccountCheck, CheckStage } from '../../shared/account-check.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import type { AccountForm, ServerName } from './account-form.ts'
import { CertificateCard } from './CertificateCard.tsx'
import css from './CheckView.module.css'

type Props = {
  form: AccountForm
  checkId: string
  isSaved: boolean
  /** Once, when both servers work. */
  onPassed: () => void
  onTrust: (server: ServerName, pem: string) => void
  onAgain: () => void
  onStop: () => void
  onSaveAnyway: () => void
  onBack: () => void
  onDone: () => void
  children?: ReactNode
}

const SHAPES = {
  waiting: IconCircle,
  running: IconLoader2,
  passed: IconCheck,
  failed: IconX,
  skipped: IconMinus,
} as const satisfies Record<CheckStage['state'], unknown>

const RESULT_WORDS = {
  running: 'accounts.checkRunning',
  passed: 'accounts.checkPassed',
  failed: 'accounts.checkFailed',
  stopped: 'accounts.checkStopped',
} as const satisfies Record<AccountCheck['state'], string>

export function CheckView(props: Props) {
  const { form, checkId, onPassed } = props
  const words = useWords()
  const check = useAsk('accounts.checkState', [checkId])
  const title = useRef<HTMLHeadingElement>(null)
  const passedCheck = useRef<string | null>(null)
  const isPassed = check.data?.state === 'passed'

  useEffect(() => title.current?.focus(), [])
  const latest = useRef(onPassed)
  latest.current = onPassed
  useEffect(() => {
    if (!isPassed || passedCheck.current === checkId) return
    passedCheck.current = checkId
    latest.current()
  }, [isPassed, checkId])

  return (
    <section className={css.check} aria-busy={check.data?.state === 'running'}>
      <h2 ref={title} tabIndex={-1} className={css.title}>
        {words('accounts.checking', { address: form.address })}
      </h2>
      <p className={css.text}>{words('accounts.checkText')}</p>
      {check.isError && <ProblemNote problem={check.error.problem} onRetry={props.onAgain} />}
      {check.isSuccess && (
        <>
          <div className={css.servers}>
            <ServerStages server="smtp" check={check.data} {...props} />
            <ServerStages server="incoming" check={check.data} {...props} />
          </div>
          {props.children}
          <Result check={check.data} {...props} />
        </>
      )}
    </section>
  )
}

function Result({ check, ...props }: Props & { check: AccountCheck }) {
  const words = useWords()
  const isOver = check.state !== 'running'
  return (
    <footer className={css.result}>
      <div className={css.verdict} data-state={check.state} role="status">
        {check.state === 'passed' && <IconCheck size={18} stroke={2.2} aria-hidden />}
        <span>
          <b>{words(RESULT_WORDS[check.state])}</b>
          {props.isSaved && <small>{words('accounts.saved')}</small>}
        </span>
      </div>
      {!isOver && <Button onClick={props.onStop}>{words('accounts.stop')}</Button>}
      {isOver && !props.isSaved && (
        <>
          <Button onClick={props.onBack} variant={check.state === 'passed' ? 'default' : 'filled'}>
            {words('accounts.toForm')}
          </Button>
          <Button onClick={props.onAgain}>{words('accounts.again')}</Button>
          {check.state !== 'passed' && (
            <Button variant="subtle" onClick={props.onSaveAnyway}>
              {words('accounts.saveAnyway')}
            </Button>
          )}
        </>
      )}
      {props.isSaved && (
        <Button variant="filled" onClick={props.onDone}>
          {words('accounts.done')}
        </Button>
      )}
    </footer>
  )
}

type StagesProps = Props & { server: ServerName; check: AccountCheck }

function ServerStages({ server, check, form, onTrust }: StagesProps) {
  const words = useWords()
  const stages = check.stages.filter(stage => stage.server === server)
  const untrusted = check.untrusted.find(entry => entry.server === server)
  return (
    <section className={css.server}>
      <h3 className={css.serverTitle}>
        {words(server === 'smtp' ? 'accounts.sending' : 'accounts.receiving')}
        <span>
          {form[server].host}:{form[server].port}
        </span>
      </h3>
      <ol className={css.stages}>
        {stages.map(stage => (
          <StageRow key={stage.stage} stage={stage}>
            {stage.problem?.kind === 'certificate' && untrusted !== undefined && (
              <CertificateCard
                certificate={untrusted.certificate}
                onTrust={() => onTrust(server, untrusted.certificate.pem)}
              />
            )}
          </StageRow>
        ))}
      </ol>
    </section>
  )
}

function StageRow({ stage, children }: { stage: CheckStage; children: ReactNode }) {
  const words = useWords()
  const format = useFormat()
  const Shape = SHAPES[stage.state]
  return (
    <li className={css.stage} data-state={stage.state}>
      <span className={css.mark} aria-hidden>
        <Shape size={14} stroke={2.4} />
      </span>
      <span className={css.stageName}>
        {words(`accounts.stage.${stage.stage}`)}
        <span className="for-ears">{words(`accounts.stageIs.${stage.state}`)}</span>
      </span>
      <span className={css.ms}>{stage.ms !== null && format.duration(stage.ms)}</span>
      {stage.detail !== '' && (
        <span className={css.detail} title={stage.detail}>
          {stage.detail}
        </span>
      )}
      {stage.problem !== null && (
        <div className={css.problem}>
          <ProblemNote problem={stage.problem} />
          {children}
        </div>
      )}
    </li>
  )
}
