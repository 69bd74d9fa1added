/** What of a mail goes along as files. */

import { describe, expect, test } from 'vitest'
import { mailFiles, redirectable } from '../../../main/mime/mail-files.ts'

const redirected = (source: string) =>
  Buffer.from(redirectable(Buffer.from(source, 'latin1'))).toString('latin1')

describe('a mail that goes on to somebody else', () => {
  test('loses whoever was hidden and the way back of its last delivery, and nothing else', () => {
    const kept = 'Received: x\r\nFrom: a@b\r\nBcc-Note: stays\r\nTo: c@d,\r\n e@f\r\n'
    const source = `Return-Path: <a@b>\r\n${kept}Bcc: h@i,\r\n\tj@k\r\nRESENT-BCC : l@m\r\nSubject: x\r\n\r\nBcc: in the body\r\n`
    expect(redirected(source)).toBe(`${kept}Subject: x\r\n\r\nBcc: in the body\r\n`)
  })

  test('has the line ends of the wire, 8-bit octets as they were', () => {
    expect(redirected('From me Mon\nFrom: a@b\nSubject: \xe9\n\nBody \xff\n')).toBe(
      'From: a@b\r\nSubject: \xe9\r\n\r\nBody \xff\r\n',
    )
  })
})

test('files come with their bytes, and none where one is not there', async () => {
  const source = Buffer.from(
    [
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'words',
      '--x',
      'Content-Type: image/png; name=a.png',
      'Content-ID: <a@b>',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename=a.png',
      '',
      'AAEC',
      '--x--',
      '',
    ].join('\r\n'),
  )
  const one = { partId: '1', contentId: 'a@b' }
  expect(await mailFiles(source, { kind: 'parts', parts: [one] })).toEqual([
    { name: 'a.png', type: 'image/png', contentId: 'a@b', content: new Uint8Array([0, 1, 2]) },
  ])
  expect(
    await mailFiles(source, { kind: 'parts', parts: [one, { partId: '2', contentId: null }] }),
  ).toBeNull()
  expect(await mailFiles(source, { kind: 'source', name: 'x.eml' })).toEqual([
    { name: 'x.eml', type: 'message/rfc822', contentId: null, content: source },
  ])
})
