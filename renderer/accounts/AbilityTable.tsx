/** What the sending server said it can do in its last greeting, in words; the protocol's own word stands behind. */

import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './AccountForm.module.css'

export function AbilityTable({ accountId }: { accountId: string }) {
  const words = useWords()
  const format = useFormat()
  const asked = useAsk('accounts.abilities', [accountId])
  if (!asked.isSuccess) return null
  const abilities = asked.data
  if (abilities === null) return <p className={css.hint}>{words('accounts.abilitiesNone')}</p>
  const yes = (can: boolean) => words(can ? 'accounts.abilityYes' : 'accounts.abilityNo')
  const unnamed = words('accounts.abilityUnnamed')
  const number = (value: number | null) => (value === null ? unnamed : format.number(value))
  const rows = [
    ['size', 'SIZE', abilities.size === null ? unnamed : format.size(abilities.size)],
    ['smtputf8', 'SMTPUTF8', yes(abilities.hasSmtputf8)],
    ['dsn', 'DSN', yes(abilities.hasDsn)],
    ['requireTls', 'REQUIRETLS', yes(abilities.hasRequireTls)],
    ['eightBit', '8BITMIME', yes(abilities.isEightBit)],
    ['pipelining', 'PIPELINING', yes(abilities.hasPipelining)],
    ['recipients', 'RCPTMAX', number(abilities.mostRecipients)],
    ['mails', 'MAILMAX', number(abilities.mostMails)],
  ] as const
  return (
    <>
      <table className={css.abilities}>
        <tbody>
          {rows.map(([key, word, value]) => (
            <tr key={key}>
              <th scope="row">
                {words(`accounts.ability.${key}`)}
                <small>{word}</small>
              </th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.hint}>
        {words('accounts.abilitiesSeen', { time: format.dateTime(abilities.seenAt) })}
      </p>
    </>
  )
}
