// The scan for the index beside postal-mime: how much faster, and whether both read the same text.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { htmlToText } from '../../main/mime/mail-text.ts'
import { searchTextOf } from '../../main/mime/search-text.ts'
import { foldText } from '../../shared/fold.ts'
import { type Bars, median } from './bars.ts'
import type { Corpus } from './mailbox-corpus.ts'

const SAMPLE = 2_000
const ROUNDS = 5

export async function scanPart(bars: Bars, { maildir }: Corpus): Promise<void> {
  const names = readdirSync(join(maildir, 'cur')).sort().slice(0, SAMPLE)
  const sources = names.map(name => readFileSync(join(maildir, 'cur', name)))
  const ratios: number[] = []
  let texts: string[] = []
  let parsed: { text?: string | undefined; html?: string | undefined }[] = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const from = performance.now()
    texts = sources.map(source => searchTextOf(source).text)
    const between = performance.now()
    parsed = []
    for (const source of sources) parsed.push(await PostalMime.parse(source))
    if (round >= 0) ratios.push((performance.now() - between) / (between - from))
  }
  const same = texts.filter((text, at) => wordsOf(text) === wordsOf(searched(parsed[at]))).length
  bars.note(
    'index scan, times postal-mime',
    `${median(ratios).toFixed(1)}×`,
    'at least 10×',
    median(ratios) >= 10,
  )
  bars.note('the same text as postal-mime', `${same} of ${sources.length}`, 'all', same === sources.length)
}

/** What of a parsed mail is searched, by the same rule as in the scan: html where the plain text says little. */
function searched(mail: { text?: string | undefined; html?: string | undefined } = {}): string {
  const written = (mail.text ?? '').trim()
  return written.length < 300 ? `${written}\n\n${htmlToText(mail.html ?? '')}` : written
}

function wordsOf(text: string): string {
  return foldText(text).split(/\s+/).filter(Boolean).join(' ')
}
