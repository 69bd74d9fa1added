/** The people of the sample world: namesakes, Japanese names, one who failed, a machine, one from an import. */

import type { Group, Person } from '../../shared/model.ts'
import { aPerson, DAY, HOUR, NOW } from '../support/builders.ts'

const never = { lastMailedAt: null, lastReceivedAt: null }

export const people: Person[] = [
  aPerson('佐藤 健二', 'kenji.sato@sato-kogyo.example', { reading: 'さとう けんじ', hasNamesake: true }),
  aPerson('佐藤 健二', 'k-sato@chuo-print.example', { hasNamesake: true, lastMailedAt: NOW - 41 * DAY }),
  aPerson('Aoki Haruka', 'haruka@aoki.example', { lastMailedAt: NOW - 26 * HOUR }),
  aPerson('Sara Lindqvist', 'sara.lindqvist@museum.example', { ...never, lastReceivedAt: NOW - 3 * DAY }),
  aPerson('Martin Weber', 'weber@bau.example', { lastMailedAt: NOW - 400 * DAY }),
  aPerson('斎藤 みどり', 'midori.saito@gallery.example', { ...never, reading: 'さいとう みどり' }),
  aPerson('Samuel Okafor', 'samuel@old-office.example', { demotedFor: 'failed' }),
  aPerson('', 'sales-no-reply@shop.example', {
    ...never,
    lastReceivedAt: NOW - 2 * HOUR,
    demotedFor: 'automatic',
  }),
]

export const groups: Group[] = [
  {
    id: 'group-1',
    name: 'Saturday readers',
    members: [
      { name: 'Aoki Haruka', address: 'haruka@aoki.example' },
      { name: 'Martin Weber', address: 'weber@bau.example' },
      { name: '', address: 'priya@gallery.example' },
    ],
  },
  {
    id: 'group-2',
    name: '見積もりの担当',
    members: [
      { name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' },
      { name: '斎藤 みどり', address: 'midori.saito@gallery.example' },
    ],
  },
]
