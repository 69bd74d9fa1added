/** "Send later": a few good moments, or one of the writer's own. */

import { Button, Menu, Modal } from '@mantine/core'
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import dialog from './ConfirmDialog.module.css'
import css from './SendLater.module.css'
import { isSkippedTime, localTimeValue, parseLocalTime, sendTimes } from './send-times.ts'

const HOUR_MS = 3_600_000

type Props = { isDisabled: boolean; onChoose: (at: number) => void }

export function SendLater({ isDisabled, onChoose }: Props) {
  const words = useWords()
  const format = useFormat()
  const [openedAt, setOpenedAt] = useState<number | null>(null)
  const [isPicking, setPicking] = useState(false)
  const now = openedAt ?? 0
  return (
    <>
      <Menu
        position="top-start"
        withinPortal={false}
        withInitialFocusPlaceholder={false}
        opened={openedAt !== null}
        onChange={isOpen => setOpenedAt(isOpen ? Date.now() : null)}
      >
        <Menu.Target>
          <Button
            size="sm"
            disabled={isDisabled}
            rightSection={<IconChevronDown size={15} stroke={1.8} aria-hidden />}
          >
            {words('compose.sendLater')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {openedAt !== null &&
            sendTimes(new Date(now)).map(({ name, at }) => (
              <Menu.Item
                key={name}
                rightSection={<span className={css.time}>{format.due(at, now)}</span>}
                onClick={() => onChoose(at)}
              >
                {words(`compose.time.${name}`)}
              </Menu.Item>
            ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconCalendarTime size={16} />} onClick={() => setPicking(true)}>
            {words('compose.pickTime')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isPicking}
        onClose={() => setPicking(false)}
        title={words('compose.pickTitle')}
        withCloseButton={false}
        size={420}
        zIndex={400}
      >
        <PickTime
          onPick={at => {
            setPicking(false)
            onChoose(at)
          }}
          onStop={() => setPicking(false)}
        />
      </Modal>
    </>
  )
}

function PickTime({ onPick, onStop }: { onPick: (at: number) => void; onStop: () => void }) {
  const words = useWords()
  const format = useFormat()
  const settings = useAsk('settings.get', [])
  const fieldId = useId()
  const noteId = useId()
  const [value, setValue] = useState(() => localTimeValue(Date.now() + HOUR_MS))
  const [fault, setFault] = useState<'pickPast' | 'pickNone' | null>(null)
  const at = parseLocalTime(value)

  function submit(): void {
    if (at === null) setFault('pickNone')
    else if (at <= Date.now()) setFault('pickPast')
    else onPick(at)
  }

  return (
    // The page says what is wrong, in its own language and in words.
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      <label className={css.label} htmlFor={fieldId}>
        {words('compose.pickField')}
      </label>
      <input
        id={fieldId}
        className={css.field}
        type="datetime-local"
        data-autofocus
        min={localTimeValue(Date.now())}
        value={value}
        aria-invalid={fault !== null}
        aria-describedby={noteId}
        onChange={event => {
          setValue(event.target.value)
          setFault(null)
        }}
      />
      <div id={noteId}>
        {fault !== null ? (
          <p className={css.error} role="alert">
            {words(`compose.${fault}`)}
          </p>
        ) : (
          at !== null && (
            <p className={css.meant} role="status">
              {words(isSkippedTime(value) ? 'compose.pickSkipped' : 'compose.pickMeant', {
                time: format.dateTime(at),
              })}
            </p>
          )
        )}
      </div>
      <p className={css.hint}>
        {words(settings.data?.dueAsleep === 'send' ? 'compose.pickText' : 'compose.pickTextAsks')}
      </p>
      <div className={dialog.answers}>
        <Button onClick={onStop}>{words('compose.pickNo')}</Button>
        <Button type="submit" variant="filled" color="seal">
          {words('compose.pickYes')}
        </Button>
      </div>
    </form>
  )
}
