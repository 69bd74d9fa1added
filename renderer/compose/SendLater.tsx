/** "Send later": a few good moments, or one of the writer's own. */

import { Button, Menu, Modal } from '@mantine/core'
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import dialog from './ConfirmDialog.module.css'
import css from './SendLater.module.css'
import { localTimeValue, parseLocalTime, sendTimes } from './send-times.ts'

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
  const fieldId = useId()
  const errorId = useId()
  const [value, setValue] = useState(() => localTimeValue(Date.now() + HOUR_MS))
  const [isPast, setPast] = useState(false)

  function submit(): void {
    const at = parseLocalTime(value)
    if (at === null || at <= Date.now()) setPast(true)
    else onPick(at)
  }

  return (
    <form
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
        required
        min={localTimeValue(Date.now())}
        value={value}
        aria-invalid={isPast}
        aria-describedby={isPast ? errorId : undefined}
        onChange={event => {
          setValue(event.target.value)
          setPast(false)
        }}
      />
      {isPast && (
        <p id={errorId} className={css.error} role="alert">
          {words('compose.pickPast')}
        </p>
      )}
      <p className={css.hint}>{words('compose.pickText')}</p>
      <div className={dialog.answers}>
        <Button onClick={onStop}>{words('compose.pickNo')}</Button>
        <Button type="submit" variant="filled" color="seal">
          {words('compose.pickYes')}
        </Button>
      </div>
    </form>
  )
}
