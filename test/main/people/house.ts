/** People over real databases in a folder of their own: mail.db as the sorting room writes it, desk.db beside it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../main/db.ts'
import { createMailStore } from '../../../main/mailbox/mailbox-store.ts'
import { type Counting, createCounting } from '../../../main/people/counting.ts'
import { createPeople, type PeopleDeps } from '../../../main/people/people.ts'
import { createReading } from '../../../main/people/reading.ts'
import { deskMigrations, mailMigrations } from '../../../main/schema.ts'
import type { Address } from '../../../shared/model.ts'
import { ok } from '../../../shared/problem.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { must } from '../mailbox/receiving-bench.ts'

export const DAY = 24 * 60 * 60 * 1000
export const NOW = Date.UTC(2026, 10, 24, 9)

export function person(text: string): Address {
  const found = /^(.*) <(.*)>$/.exec(text)
  return found === null ? { name: '', address: text } : { name: found[1] ?? '', address: found[2] ?? '' }
}

export type House = ReturnType<typeof createHouse>

/** `own` are the addresses of the accounts. */
export function createHouse(own: string[] = ['me@example.jp'], more: Partial<PeopleDeps> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-people-'))
  const mailDb = must(
    openDatabase(join(folder, 'mail.db'), { durability: 'normal', migrations: mailMigrations }),
  )
  const desk = must(openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations }))
  const mail = createMailStore(mailDb)
  mail.keepFolders('a', [
    { path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: false },
    { path: 'Sent', name: 'Sent', role: 'sent', isLocal: false },
    { path: 'Junk', name: 'Junk', role: 'junk', isLocal: false },
  ])
  const clock = manualClock(NOW)
  const announced: string[][] = []
  let counting: Counting
  const startCounting = () => {
    counting = createCounting({
      db: mailDb,
      emit: (name, payload) => {
        if (name === 'people.changed') people.reload((payload as { addresses: string[] }).addresses)
      },
    })
    counting.setOwnAddresses(own)
  }

  const people = createPeople({
    desk,
    mail: mailDb,
    clock,
    emit: (name, payload) => {
      if (name !== 'people.changed') return
      announced.push((payload as { addresses: string[] }).addresses)
    },
    room: { countHandedOver: mails => counting.countHandedOver(mails), ...createReading() },
    takeFile: async path => ok({ path }),
    saveAs: async suggestedName => join(folder, suggestedName),
    answersSince: () => ({ answers: [], until: null }),
    ...more,
  })
  startCounting()

  let uid = 0
  const settled = async () => {
    // Two rounds of slices: the counting's, and the index's that hears of it.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  }
  return {
    people,
    folder,
    clock,
    announced,
    desk,
    mailDb,
    settled,
    /** A mail in a folder, `daysAgo`. */
    put(
      role: 'inbox' | 'sent' | 'junk',
      letter: {
        from?: string
        to?: string[]
        cc?: string[]
        daysAgo?: number
        id?: string
        isBulk?: boolean
      },
    ): void {
      uid += 1
      const stored = mail.folderOfRole('a', role)
      if (stored === null) throw new Error(role)
      mail.add(stored, [
        {
          uid,
          sentAt: NOW - (letter.daysAgo ?? 0) * DAY,
          messageIdHeader: letter.id ?? `mail-${uid}@example.org`,
          from: person(letter.from ?? 'Me <me@example.jp>'),
          to: (letter.to ?? ['me@example.jp']).map(person),
          cc: (letter.cc ?? []).map(person),
          isBulk: letter.isBulk ?? false,
          subject: '',
          preview: '',
          hasAttachments: false,
          bytes: 1,
          isSeen: true,
          isFlagged: false,
          isDeleted: false,
          source: null,
        },
      ])
    },
    /** All that came is counted and known. */
    async count(): Promise<void> {
      counting.wake()
      await settled()
    },
    /** The sorting room starts again on the same file. */
    async restartCounting(): Promise<void> {
      counting.stop()
      startCounting()
      counting.wake()
      await settled()
    },
    suggested: (query: string) =>
      people.suggest(query, 10).map(one => (one.kind === 'group' ? `[${one.name}]` : one.address.address)),
    close(): void {
      counting.stop()
      people.stop()
      mailDb.close()
      desk.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
