/** What is offered for a mail, in the order of use: the same acts in its row and on its page. Pure. */

import type { OutboxItem } from '../../shared/model.ts'
import type { WordKey } from '../i18n/words.ts'

export type ActName = 'tryNow' | 'resume' | 'edit' | 'pause' | 'cancel' | 'resend' | 'saveAs' | 'remove'
type ActWord = Exclude<Extract<WordKey, `outbox.action.${string}`>, 'outbox.action.ofMail'>
export type ItemAct = { name: ActName; word: ActWord }

/** Whether the mail itself, and not one of its files, can no longer be read. */
export function isDamaged({ journey }: Pick<OutboxItem, 'journey'>): boolean {
  return journey.pausedFor === 'mail' && journey.problem?.kind === 'mail-unreadable'
}

/** A question on the mail's page gives its own answers; resuming, editing and stopping are among them. */
export function hasQuestion({ can, journey }: OutboxItem): boolean {
  return (
    can.chooseRecipients || can.decideOutcome || journey.pausedFor === 'overdue' || isDamaged({ journey })
  )
}

export function actsOf(item: OutboxItem): ItemAct[] {
  const { can, journey } = item
  const isHeldForUndo = journey.state === 'held' && journey.heldFor === 'undo'
  const isAsking = hasQuestion(item)
  const acts: (ItemAct | false)[] = [
    can.tryNow && {
      name: 'tryNow',
      word: journey.state === 'held' ? 'outbox.action.sendNow' : 'outbox.action.tryNow',
    },
    can.resume &&
      !isAsking && {
        name: 'resume',
        word: journey.pausedFor === 'person' ? 'outbox.action.resume' : 'outbox.action.tryNow',
      },
    can.edit &&
      !isAsking && {
        name: 'edit',
        word: isHeldForUndo ? 'outbox.action.undo' : 'outbox.action.edit',
      },
    can.pause && { name: 'pause', word: 'outbox.action.pause' },
    can.cancel && !isAsking && { name: 'cancel', word: 'outbox.action.cancel' },
    ['accepted', 'refused'].includes(journey.state) && { name: 'resend', word: 'outbox.action.resend' },
    { name: 'saveAs', word: 'outbox.action.saveAs' },
    can.remove && { name: 'remove', word: 'outbox.action.remove' },
  ]
  return acts.filter(act => act !== false)
}
