/** To, Cc and Bcc of one draft, and what goes between them. Cc and Bcc are shown once they are wanted. */

import { IconUsers } from '@tabler/icons-react'
import { type Ref, useState } from 'react'
import type { Address } from '../../shared/model.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { GroupDialog } from '../people/GroupDialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import css from './Composer.module.css'
import { useChipDrop } from './chip-drag.ts'
import { moved, pasted, type RecipientFieldName } from './chips.ts'
import { MistypedNote } from './MistypedNote.tsx'
import { RecipientField } from './RecipientField.tsx'
import type { Composer } from './use-composer.ts'

type Props = { composer: Composer; draftId: string; toRef: Ref<HTMLInputElement> }

export function RecipientRows({ composer, draftId, toRef }: Props) {
  const words = useWords()
  const { go } = useNavigation()
  const { fields, change } = composer
  const [wanted, want] = useState<ReadonlySet<RecipientFieldName>>(new Set(['to']))
  const [group, setGroup] = useState<Address[] | null>(null)
  const { abilities, ableAccounts } = composer.server
  const plainServer =
    abilities?.hasSmtputf8 === false
      ? { ableAccounts, onChoose: (accountId: string) => composer.identity.writeAs(accountId) }
      : null
  // Once shown, a field stays: taking its last chip out must not take the field from under the hand.
  const isShown = (name: RecipientFieldName) => wanted.has(name) || fields[name].chips.length > 0
  const show = (name: RecipientFieldName) => want(new Set([...wanted, name]))

  function move(from: RecipientFieldName, ids: ReadonlySet<number>, to: RecipientFieldName): void {
    want(new Set([...wanted, from, to]))
    change(moved(fields, from, ids, to))
  }

  const row = (name: RecipientFieldName) => ({
    name,
    label: words(`compose.${name}`),
    owner: draftId,
    state: fields[name],
    plainServer,
    onChange: (state: (typeof fields)[typeof name]) => {
      if (!wanted.has(name)) show(name)
      change({ [name]: state })
    },
    onMove: move,
    onSaveGroup: setGroup,
  })
  const opener = (name: RecipientFieldName) => (
    <FieldOpener
      label={words(`compose.${name}`)}
      owner={draftId}
      onOpen={() => show(name)}
      onMove={(from, ids) => move(from, ids, name)}
      onCopy={text => {
        show(name)
        change({ [name]: pasted(fields[name], text) ?? fields[name] })
      }}
    />
  )
  return (
    <>
      <RecipientField {...row('to')} inputRef={toRef}>
        {!isShown('cc') && opener('cc')}
        {!isShown('bcc') && opener('bcc')}
        <IconButton
          icon={IconUsers}
          name={words('people.openPeople')}
          size="small"
          onClick={() => go({ view: 'people' })}
        />
      </RecipientField>
      <MistypedNote composer={composer} field="to" />
      {isShown('cc') && (
        <>
          <RecipientField {...row('cc')} />
          <MistypedNote composer={composer} field="cc" />
        </>
      )}
      {isShown('bcc') && (
        <>
          <RecipientField {...row('bcc')} />
          <MistypedNote composer={composer} field="bcc" />
        </>
      )}
      {group !== null && (
        <GroupDialog group={{ id: null, name: '', members: group }} onClose={() => setGroup(null)} />
      )}
    </>
  )
}

type OpenerProps = {
  label: string
  owner: string
  onOpen: () => void
  onMove: (from: RecipientFieldName, ids: ReadonlySet<number>) => void
  onCopy: (text: string) => void
}

/** A field that is not there yet: pressed, it is shown; chips may be let go on it. */
function FieldOpener({ label, owner, onOpen, onMove, onCopy }: OpenerProps) {
  const drop = useChipDrop(owner, { move: onMove, copy: onCopy })
  return (
    <button
      type="button"
      className={css.more}
      data-over={drop.isOver || undefined}
      onClick={onOpen}
      {...drop.handlers}
    >
      {label}
    </button>
  )
}
