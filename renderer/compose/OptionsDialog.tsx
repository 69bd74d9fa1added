/** What this mail asks for beside being delivered. What the account's server cannot do is shown with the reason. */

import { Button, Checkbox, Modal, SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import { identityOf } from '../../shared/identity.ts'
import { type Account, type MailOptions, USUAL_OPTIONS } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import dialog from './ConfirmDialog.module.css'
import {
  changedOptions,
  type Hindrance,
  readReceiptHindrance,
  reportHindrance,
  tlsHindrance,
} from './mail-wishes.ts'
import css from './OptionsDialog.module.css'
import type { Composer } from './use-composer.ts'

const PRIORITIES = ['low', 'normal', 'high'] as const

type Props = { composer: Composer; accounts: readonly Account[]; onClose: () => void }

export function OptionsDialog({ composer, accounts, onClose }: Props) {
  const words = useWords()
  const priorityId = useId()
  const { fields, change, server } = composer
  const options = fields.options ?? USUAL_OPTIONS
  const account = accounts.find(({ id }) => id === fields.accountId)
  const from = account === undefined ? '' : identityOf(account, fields.identityId).address
  const set = (patch: Partial<MailOptions>) => change({ options: changedOptions(fields.options, patch) })
  const asked = [
    ['wantsReadReceipt', 'readReceipt', readReceiptHindrance(from)],
    ['wantsReport', 'report', reportHindrance(server.abilities)],
    ['requiresTls', 'tls', tlsHindrance(server.abilities)],
  ] as const
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      zIndex={400}
      title={words('drafts.optionsTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
    >
      <div className={css.priority}>
        <span id={priorityId}>{words('drafts.priority')}</span>
        <SegmentedControl
          aria-labelledby={priorityId}
          value={options.priority}
          onChange={value => set({ priority: PRIORITIES.find(one => one === value) ?? 'normal' })}
          data={PRIORITIES.map(value => ({ value, label: words(`drafts.priorities.${value}`) }))}
        />
      </div>
      {asked.map(([name, word, hindrance]) => (
        <Wanted
          key={name}
          word={word}
          hindrance={hindrance}
          isOn={options[name]}
          onChange={isOn => set({ [name]: isOn })}
        />
      ))}
      <div className={dialog.answers}>
        <Button onClick={onClose}>{words('drafts.optionsDone')}</Button>
      </div>
    </Modal>
  )
}

type WantedProps = {
  word: 'readReceipt' | 'report' | 'tls'
  hindrance: Hindrance
  isOn: boolean
  onChange(isOn: boolean): void
}

function Wanted({ word, hindrance, isOn, onChange }: WantedProps) {
  const words = useWords()
  // A report that cannot be had is not had; a promise that cannot be kept must be seen, and can be taken back.
  const isShownOn = isOn && !(word === 'report' && hindrance !== null)
  return (
    <Checkbox
      className={css.wanted ?? ''}
      label={words(`drafts.${word}`)}
      description={
        <>
          {words(`drafts.${word}Text`)}
          {hindrance !== null && (
            <span className={css.hindrance}>{words(`drafts.hindrance.${hindrance}`)}</span>
          )}
        </>
      }
      checked={isShownOn}
      disabled={hindrance !== null && !isShownOn}
      onChange={event => onChange(event.currentTarget.checked)}
    />
  )
}
