/** The desk on which the cases of the checks are written: Yuki Tanaka of aozora.example, and whom she writes to. */

import type { QuestionedDraft, QuestionFacts } from '../../shared/draft-questions.ts'
import type { Address, Identity } from '../../shared/model.ts'

export const person = (name: string, address: string): Address => ({ name, address })

export const haruka = person('Aoki Haruka', 'haruka@aoki-shashin.example')
export const weber = person('Martin Weber', 'm.weber@weberbau.example')
export const sato = person('佐藤 健二', 'kenji.sato@sato-kogyo.example')
export const suzuki = person('鈴木 美咲', 'misaki@midori-print.example')
export const smith = person('Robert Smith', 'robert.smith@northwind-travel.example')
export const colleague = person('Mori Naoko', 'mori@aozora.example')
export const nobody = person('', 'info@harbour-hotel.example')

export const yuki: Identity = {
  id: 'main',
  name: 'Yuki Tanaka',
  address: 'yuki@aozora.example',
  replyTo: [],
  organisation: '',
  copiesSelf: false,
  signature: null,
}

const KNOWN = new Set(
  [haruka, weber, sato, suzuki, smith, nobody, person('', 'old.friend@gmail.com')].map(
    ({ address }) => address,
  ),
)
const DOMAINS = [
  'aoki-shashin.example',
  'weberbau.example',
  'sato-kogyo.example',
  'midori-print.example',
  'northwind-travel.example',
  'harbour-hotel.example',
  'example-works.co.jp',
  // A real house one letter beside one that is written to more.
  'aoki-shashim.example',
  'gmail.com',
]

export const plainFacts: QuestionFacts = {
  from: yuki,
  own: [yuki.address, 'tanaka.yuki@gmail.com'],
  people: {
    isKnown: address => KNOWN.has(address),
    domains: DOMAINS,
  },
  answered: null,
  abilities: {
    seenAt: 0,
    size: 20_000_000,
    isEightBit: true,
    hasSmtputf8: false,
    hasDsn: true,
    hasRequireTls: false,
    hasPipelining: true,
    mostRecipients: null,
    mostMails: null,
  },
  bytes: 4_000,
  checksOff: [],
  outsidersLimit: 10,
}

export type CaseDraft = Partial<QuestionedDraft> & { facts?: Partial<QuestionFacts> }

export const draftOf = ({ facts: _facts, ...change }: CaseDraft): QuestionedDraft => ({
  to: [haruka],
  cc: [],
  bcc: [],
  subject: 'Photos',
  text: 'Hello,\nsee you on Friday.\n\nYuki',
  files: [],
  ...change,
})

export const factsOf = ({ facts }: CaseDraft): QuestionFacts => ({ ...plainFacts, ...facts })

/** An answer to a mail of these people. */
export const answering = (
  people: Address[],
  change: { addressed?: string[]; hasAttachments?: boolean } = {},
): Partial<QuestionFacts> => ({
  answered: { people, addressed: [yuki.address], hasAttachments: false, ...change },
})

/** So many people outside whom she knows. */
export const crowd = (count: number): Address[] =>
  Array.from({ length: count }, (_, index) => person('', `guest${index + 1}@gmail.com`))
