/** What the checks before sending cost: every check over 2,000 lines to 500 people, beside 2,000 known domains. */

import { draftQuestions } from '../../shared/draft-questions.ts'
import { draftOf, plainFacts } from '../shared/draft-question-world.ts'

const RUNS = 50
// Every tenth line is one that a check has to read to its end.
const usual = 'the quick summary of what we said on the phone, and what is left for the next meeting in March'
const lines = [
  'the attached plan you sent is fine; see chapter XXX of [1] and 添付の資料、拝見しました。',
  ...Array<string>(9).fill(usual),
]
const draft = draftOf({
  text: Array.from({ length: 2_000 }, (_, index) => `${lines[index % lines.length]} ${index}`).join('\n'),
  to: Array.from({ length: 500 }, (_, index) => ({
    name: `Person ${index}`,
    address: `person${index}@company-${index % 250}.example`,
  })),
})
const domains = Array.from({ length: 2_000 }, (_, index) => `customer-${index * 7}.example`)
const facts = { ...plainFacts, people: { isKnown: () => true, domains } }

const times = Array.from({ length: RUNS }, () => {
  const startedAt = performance.now()
  draftQuestions(draft, facts)
  return performance.now() - startedAt
})
const first = times[0] ?? 0
const sorted = times.slice(1).sort((left, right) => left - right)
const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
console.log(
  `checks before sending: ${at(0.5)} ms median, ${at(0.95)} ms p95, ${first.toFixed(1)} ms the first time`,
)
