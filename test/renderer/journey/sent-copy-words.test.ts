import { describe, expect, it } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import { sentCopyStep } from '../../../renderer/journey/sent-copy-words.ts'
import { type Format, formatDue } from '../../../renderer/ui/format.ts'
import type { CopyEvent } from '../../../shared/ledger.ts'
import type { SentCopyPolicy } from '../../../shared/model.ts'
import { anAccount, anOutboxItem, aServer, MINUTE, NOW, type Step } from '../../support/builders.ts'
import { handedOver, held, written } from '../../support/stories.ts'

const WHO = 'haruka@aoki.example'
const accepted: Step[] = [written([WHO]), ...handedOver([WHO])]
const format = { due: (at: number, now: number) => formatDue(at, now, 'en') } as Format

function step(steps: readonly Step[], sentCopy: SentCopyPolicy = 'we-file-it', isPop3 = false) {
  const account = anAccount({
    sentCopy,
    ...(isPop3 && {
      incoming: { kind: 'pop3', ...aServer(), leaveOnServer: true, deleteAfterDays: null },
    }),
  })
  return sentCopyStep(anOutboxItem({ steps }).journey, account, NOW, wordsOf(createWords('en')), format)
}
const handedOverThen = (event: CopyEvent): Step[] => [...accepted, [1, event]]
const filing = handedOverThen({ type: 'copy-filing', how: 'append' })

describe('the copy in Sent, as a step', () => {
  it('is not spoken of while the mail itself is not handed over', () => {
    expect(step(held([WHO], NOW + 1))).toBeNull()
  })

  it('says whose turn it is: ours, the server’s, or that both are possible', () => {
    expect(step(accepted)).toEqual({ state: 'waiting', text: 'Waits for its turn.' })
    expect(step(filing)?.text).toBe('Todoke is filing it.')
    expect(step(filing, 'server-files-it')?.text).toContain('server usually files it')
    expect(step(filing, 'unknown')?.text).toContain('after 30 seconds')
    expect(step(filing, 'unknown', true)?.text).toBe('Being kept on this computer.')
  })

  it('says who filed it and where', () => {
    expect(step(handedOverThen({ type: 'copy-filed', how: 'appended', folder: 'Sent' }))?.text).toBe(
      'Todoke filed it in Sent.',
    )
    expect(step(handedOverThen({ type: 'copy-filed', how: 'found', folder: 'Sent' }))?.text).toContain(
      'The server',
    )
    expect(step(handedOverThen({ type: 'copy-filed', how: 'found', folder: '' }))?.text).toContain(
      'The server',
    )
    expect(step(handedOverThen({ type: 'copy-filed', how: 'local', folder: 'Sent' }))?.text).toContain(
      'this computer',
    )
  })

  it('says when it is tried again, and that it is kept until then', () => {
    const problem = { kind: 'offline' } as const
    const retried = step(handedOverThen({ type: 'copy-failed', problem, retryAt: NOW + 10 * MINUTE }))
    expect(retried?.state).toBe('failed')
    expect(retried?.text).toContain(formatDue(NOW + 10 * MINUTE, NOW, 'en'))
    expect(step(handedOverThen({ type: 'copy-failed', problem, retryAt: null }))?.text).toContain(
      'until you remove it',
    )
  })
})
