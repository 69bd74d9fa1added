/** Says to ears when a mail has come into another state; the ticking of a count-down is not news. */

import { useEffect, useRef, useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { type Happening, happeningOf } from './happening.ts'
import { happeningWords } from './happening-words.ts'

/** What makes news: another kind of happening, or another try. */
function newsOf(item: OutboxItem, happening: Happening): string {
  const count = happening.kind === 'reported' ? `${happening.state} ${happening.count}` : ''
  return `${happening.kind} ${item.journey.attempt} ${count}`
}

export function useAnnouncedChanges(items: readonly OutboxItem[] | undefined): string {
  const words = useWords()
  const format = useFormat()
  const known = useRef<Map<string, string> | null>(null)
  const [announced, setAnnounced] = useState('')

  useEffect(() => {
    if (items === undefined) return
    const now = Date.now()
    const next = new Map<string, string>()
    const said: string[] = []
    for (const item of items) {
      const happening = happeningOf(item, now)
      const news = newsOf(item, happening)
      next.set(item.id, news)
      if (known.current === null || known.current.get(item.id) === news) continue
      const what = happeningWords(happening, now, words, format).text
      said.push(words('outbox.changed', { subject: item.subject || words('outbox.noSubject'), what }))
    }
    known.current = next
    if (said.length > 0) setAnnounced(said.join('\n'))
  }, [items, words, format])

  return announced
}
