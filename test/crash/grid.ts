// The grid of steps and faults: which cases each cell holds, and why a cell holds none. Throws where neither is said.

import type { Case, Row } from './crash-case.ts'

const STEPS: readonly [id: string, words: string][] = [
  ['s1', 'Send pressed'],
  ['s2', 'frozen'],
  ['s3', 'committed'],
  ['s4', 'page told'],
  ['s5', 'undo, schedule'],
  ['s6', 'claimed'],
  ['s7', 'TLS, EHLO, AUTH'],
  ['s8', 'MAIL FROM'],
  ['s9', 'RCPT'],
  ['s10', '354'],
  ['s11', 'body'],
  ['s12', 'terminating'],
  ['s13', 'no reply'],
  ['s14', '250 read'],
  ['s15', 'accepted'],
  ['s16', 'APPEND'],
  ['s17', 'APPENDUID'],
  ['s18', 'purge'],
]
const FAULTS = [
  'kill',
  'FIN',
  'RST',
  'stall',
  '4xx',
  '5xx',
  'refused',
  'full',
  'hour',
  'day',
  'year',
] as const
type Fault = (typeof FAULTS)[number]

const WIRE: readonly Fault[] = ['FIN', 'RST', 'stall']
const REPLIES: readonly Fault[] = ['4xx', '5xx']
const BEFORE_THE_WIRE = ['s1', 's2', 's3', 's4', 's5', 's6']
const AFTER_THE_WIRE = ['s15', 's17', 's18']

const REASONS: readonly { steps: readonly string[]; faults: readonly Fault[]; why: string }[] = [
  { steps: BEFORE_THE_WIRE, faults: [...WIRE, ...REPLIES], why: 'no connection carries the mail yet' },
  { steps: AFTER_THE_WIRE, faults: [...WIRE, ...REPLIES], why: 'no server is being spoken to about it' },
  {
    steps: ['s12'],
    faults: ['stall'],
    why: 'to the program the same as at s13: the last bytes bring no reply',
  },
  { steps: ['s12'], faults: REPLIES, why: 'the reply to the last bytes comes at s13' },
  { steps: ['s14'], faults: ['stall', ...REPLIES], why: 'the 250 was the last word of the server' },
  {
    steps: STEPS.map(([id]) => id).filter(id => id !== 's9'),
    faults: ['refused'],
    why: 'recipients are named to a server at s9 alone',
  },
  {
    steps: ['s1', 's4', 's5'],
    faults: ['full'],
    why: 'nothing is written: the draft was saved before, the item lies there',
  },
  {
    steps: ['s2'],
    faults: ['full'],
    why: 'files are copied when they are attached: see "a full disk" below',
  },
  { steps: ['s15'], faults: ['full'], why: 'its commit is the one of s14' },
  {
    steps: ['s7', 's8', 's9', 's10', 's11', 's13'],
    faults: ['full'],
    why: 'nothing is written between the claim and the end, nor while the reply is waited for',
  },
]

const stepOf = ({ step }: Pick<Case, 'step'>) => step.split(' ', 1)[0] ?? ''

function faultOf({ fault }: Pick<Case, 'fault'>): Fault {
  if (fault === 'kill -9') return 'kill'
  if (fault === 'disk full') return 'full'
  if (/refused$/.test(fault)) return 'refused'
  if (/^(4\d\d |NO \[UNAVAILABLE\])/.test(fault)) return '4xx'
  if (/^(5\d\d |NO |BAD )/.test(fault)) return '5xx'
  const found = FAULTS.find(name => fault === name || fault.startsWith(name))
  if (found === undefined) throw new Error(`no column for ${fault}`)
  return found
}

const within = <T extends Pick<Case, 'step' | 'fault'>>(all: readonly T[], step: string, fault: Fault): T[] =>
  all.filter(one => stepOf(one) === step && faultOf(one) === fault)

/** What is in no cell and has no reason: the names of such cells. */
export function gapsOf(cases: readonly Case[]): string[] {
  return STEPS.flatMap(([step]) =>
    FAULTS.filter(fault => within(cases, step, fault).length === 0 && reasonOf(step, fault) < 0).map(
      fault => `${step} × ${fault}`,
    ),
  )
}

const reasonOf = (step: string, fault: Fault) =>
  REASONS.findIndex(({ steps, faults }) => steps.includes(step) && faults.includes(fault))

/** The grid as a person reads it: right of all in each cell, or the letter of the reason that it has none. */
export function gridOf(rows: readonly Row[]): string {
  const letter = (index: number) => (index < 0 ? '' : String.fromCharCode(97 + index))
  const line = (head: string, cells: readonly string[]) =>
    `${head.padEnd(20)}${cells.map(cell => cell.padStart(8)).join('')}`
  const cellOf = (step: string, fault: Fault) => {
    const found = within(rows, step, fault)
    if (found.length === 0) return letter(reasonOf(step, fault))
    const right = found.filter(({ errors }) => errors.length === 0).length
    return right === found.length ? `${right} ok` : `${right} of ${found.length}`
  }
  return [
    line('', FAULTS),
    ...STEPS.map(([step, words]) =>
      line(
        `${step.padEnd(4)}${words}`,
        FAULTS.map(fault => cellOf(step, fault)),
      ),
    ),
    ...REASONS.map(({ why }, index) => `  ${letter(index)}: ${why}`),
  ].join('\n')
}
