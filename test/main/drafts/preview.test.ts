/** The preview is the mail: what it shows is what Send makes. */

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frozenDraft } from '../../../main/drafts/frozen-draft.ts'
import { previewOf } from '../../../main/drafts/preview.ts'
import { writeMail } from '../../../main/mime/write-mail.ts'
import { type Draft, USUAL_OPTIONS } from '../../../shared/model.ts'
import { aDraft, anAccount } from '../../support/builders.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-preview-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const picture = Buffer.from('\x89PNG', 'latin1')
const sha256 = createHash('sha256').update(picture).digest('hex')
const openPath = (name: string) => join(folder, name)
const account = anAccount()

const draft = (change: Partial<Draft> = {}): Draft => {
  writeFileSync(openPath(sha256), picture)
  return aDraft({
    accountId: account.id,
    to: [{ name: '田中 太郎', address: 'taro@example.jp' }],
    bcc: [{ name: '', address: 'hidden@example.org' }],
    subject: '見積り',
    text: 'Hello',
    html: '<p>Hello <strong>you</strong> <img src="cid:a@b" alt="cat"></p>',
    options: { ...USUAL_OPTIONS, priority: 'high' },
    attachments: [{ id: 'x', name: 'cat.png', type: 'image/png', bytes: 4, sha256, contentId: 'a@b' }],
    ...change,
  })
}
const depsFor = (one: Draft) => ({
  drafts: { get: () => one },
  accounts: { get: () => account },
  freezing: () => ({ openPath, takes8bit: false }),
  now: () => 0,
})

test('shows both parts, the head and the size of the very mail', async () => {
  const one = draft()
  const preview = await previewOf(depsFor(one), one.id, one.revision)
  if (!preview.ok) throw new Error(preview.problem.kind)
  const recipe = await frozenDraft(one, account, 0, { openPath, takes8bit: false })
  const chunks: Buffer[] = []
  for await (const chunk of writeMail(recipe, { for: 'wire', openPath })) chunks.push(chunk)
  const source = Buffer.concat(chunks)
  const mail = await simpleParser(source, { skipImageLinks: true })
  const { plain, html, headers, bytes, inlineImages } = preview.value
  expect([plain, html, bytes]).toEqual(['Hello you [cat]', mail.html, source.length])
  expect(inlineImages).toEqual({ 'a@b': `data:image/png;base64,${picture.toString('base64')}` })
  expect(headers).toContainEqual(['Subject', '見積り'])
  expect(headers).toContainEqual(['To', '田中 太郎 <taro@example.jp>'])
  expect(headers).toContainEqual(['Importance', 'high'])
  expect(headers.map(([name]) => name).join()).not.toMatch(/Bcc|Message-ID|Date/)
})

test('is of the revision that is asked for, and of no other', async () => {
  const one = draft()
  expect(await previewOf(depsFor(one), one.id, one.revision + 1)).toEqual({
    ok: false,
    problem: { kind: 'conflict', what: 'draft', revision: one.revision },
  })
})

test('names the file that is gone', async () => {
  const one = draft()
  rmSync(openPath(sha256))
  expect(await previewOf(depsFor(one), one.id, one.revision)).toEqual({
    ok: false,
    problem: { kind: 'attachment-missing', name: 'cat.png' },
  })
})

test('the line above a signature is two hyphens and a space in the plain part, also of Japanese and in html', async () => {
  const html = '<p>どうぞよろしくお願いいたします。</p><p>--&nbsp;</p><p>森 遥</p>'
  for (const [text, asHtml] of [
    ['よろしく\n-- \n森 遥', null],
    ['', html],
  ] as const) {
    const one = draft({ text, html: asHtml, attachments: [] })
    const recipe = await frozenDraft(one, account, 0, { openPath, takes8bit: true })
    const chunks: Buffer[] = []
    for await (const chunk of writeMail(recipe, { for: 'wire', openPath })) chunks.push(chunk)
    const mail = await simpleParser(Buffer.concat(chunks))
    expect(mail.text).toMatch(/^-- \n森 遥$/m)
  }
})
