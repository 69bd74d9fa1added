/** The mails that the practice correspondents write: welcome, echo and delivery report, as bytes. Pure. */

import { createHash } from 'node:crypto'
import { headerBlock, headerValue, plainTextOf } from './read-letter.ts'

const DOMAIN = 'practice.invalid'
const READER = `you@${DOMAIN}`

type Echoed = { sender: string; mail: Buffer; queueId: string; at: number }

const WELCOME_EN = `Welcome to the practice mailbox.

Everything here happens on this computer: no mail leaves it. Write to these correspondents and watch what a mail goes through on its way.

  echo@${DOMAIN}      answers after a moment
  bounce@${DOMAIN}    accepts, and then a delivery report says it failed
  greylist@${DOMAIN}  asks to try again later, and accepts after 20 seconds
  small@${DOMAIN}     takes mails up to 1 MB
  nobody@${DOMAIN}    does not exist; the server says so at once
  drop@${DOMAIN}      hangs up at the last moment, so that the outcome is unknown
  you@${DOMAIN}       is yourself

Every other name here accepts your mail and keeps silent. What is in this mailbox is forgotten when Todoke ends.
`

const WELCOME_JA = `練習用メールボックスへようこそ。

ここでのやり取りはすべてこのコンピューターの中だけで行われ、メールが外へ出ることはありません。次の宛先に送って、メールが届くまでの道のりを見てみましょう。

  echo@${DOMAIN}      少し待つと返信が来ます
  bounce@${DOMAIN}    いったん受け付けられ、あとから不達の報告が届きます
  greylist@${DOMAIN}  後でもう一度と言われ、20秒後に受け付けられます
  small@${DOMAIN}     1 MBまでのメールだけを受け取ります
  nobody@${DOMAIN}    存在しない宛先です。サーバーがすぐに断ります
  drop@${DOMAIN}      最後の瞬間に接続が切れ、結果が分からなくなります
  you@${DOMAIN}       あなた自身です

ほかの名前はどれも受け取るだけで返事はありません。このメールボックスの中身は、Todokeを終了すると消えます。
`

/** Two letters: English and Japanese. */
export function welcomeLetters(at: number): Buffer[] {
  const from = `${encodedWords('Todoke 届け')} <welcome@${DOMAIN}>`
  return [
    letter({ from, subject: 'Welcome to the practice mailbox', language: 'en', text: WELCOME_EN, at }),
    letter({
      from,
      subject: encodedWords('練習用メールボックスへようこそ'),
      language: 'ja',
      text: WELCOME_JA,
      at: at + 1000,
    }),
  ]
}

/** An answer as a person would give it (RFC 5322 section 3.6.4), marked as automatic (RFC 3834). */
export function echoLetter({ sender, mail, queueId, at }: Echoed): Buffer {
  const said = plainTextOf(mail)
  const quote =
    said === null
      ? ''
      : `\n${said
          .trimEnd()
          .split(/\r?\n/)
          .map(line => (line === '' ? '>' : `> ${line}`))
          .join('\n')}\n`
  return letter({
    from: `Echo <echo@${DOMAIN}>`,
    to: sender,
    subject: answerSubject(headerValue(mail, 'subject')),
    text: `Your mail has arrived. / メールが届きました。\n${mail.length} bytes, ${queueId}\n${quote}`,
    at,
    more: threadHeaders(mail),
  })
}

/** A delivery status notification (RFC 3464) with the headers of the mail it speaks of (RFC 6522). */
export function bounceLetter(input: Echoed & { recipient: string; acceptedAt: number }): Buffer {
  const { sender, mail, queueId, recipient, acceptedAt, at } = input
  const boundary = `report-${queueId}`
  const words = `550 5.1.1 <${recipient}>: this practice mailbox does not exist`
  const report = [
    `Reporting-MTA: dns; ${DOMAIN}`,
    `X-Queue-ID: ${queueId}`,
    `Arrival-Date: ${dateWords(acceptedAt)}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    `Remote-MTA: dns; mx.${DOMAIN}`,
    `Diagnostic-Code: smtp; ${words}`,
    `Last-Attempt-Date: ${dateWords(at)}`,
    '',
  ].join('\r\n')
  const text =
    `Your mail could not be delivered to ${recipient}.\n${recipient} にメールを届けられませんでした。\n\n` +
    `The server said: / サーバーの応答:\n  ${words}\n`
  const part = (type: string, content: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ])
  const head = headersOf({
    from: `Mail Delivery System <MAILER-DAEMON@${DOMAIN}>`,
    to: sender,
    subject: 'Undelivered Mail Returned to Sender',
    at,
    id: messageId('bounce', queueId, recipient),
    more: [
      'Auto-Submitted: auto-replied',
      `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
    ],
  })
  return Buffer.concat([
    Buffer.from(`Return-Path: <>\r\n${head}\r\n`),
    part('text/plain; charset=utf-8', `Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(text)}`),
    part('message/delivery-status', `\r\n${report}`),
    part(
      'text/rfc822-headers',
      Buffer.concat([Buffer.from('Content-Transfer-Encoding: 8bit\r\n\r\n'), headerBlock(mail)]),
    ),
    Buffer.from(`--${boundary}--\r\n`),
  ])
}

type Letter = {
  from: string
  to?: string
  subject: string
  text: string
  at: number
  language?: string
  more?: string[]
}

function letter({ from, to = READER, subject, text, at, language, more = [] }: Letter): Buffer {
  const head = headersOf({
    from,
    to,
    subject,
    at,
    id: messageId(from, to, subject, String(at), text),
    more: [
      ...more,
      ...(language === undefined ? ['Auto-Submitted: auto-replied'] : [`Content-Language: ${language}`]),
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
    ],
  })
  return Buffer.from(`${head}\r\n${base64Lines(text)}`)
}

type Head = { from: string; to: string; subject: string; at: number; id: string; more: string[] }

function headersOf({ from, to, subject, at, id, more }: Head): string {
  const lines = [
    `From: ${from}`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${dateWords(at)}`,
    `Message-ID: ${id}`,
    'MIME-Version: 1.0',
    ...more,
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** The subject as it stands in the header, encoded words and all: they need not be read to be answered. */
function answerSubject(subject: string | null): string {
  if (subject === null || subject === '') return 'Re:'
  return /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`
}

function threadHeaders(mail: Buffer): string[] {
  const ids = (name: string) => headerValue(mail, name)?.match(/<[^<>\s]{1,900}>/g) ?? []
  const parent = ids('message-id')[0]
  if (parent === undefined) return []
  const references = [
    ...ids('references')
      .filter(id => id !== parent)
      .slice(-20),
    parent,
  ]
  return [`In-Reply-To: ${parent}`, `References: ${references.join('\r\n ')}`]
}

function messageId(...seed: string[]): string {
  return `<${createHash('sha256').update(seed.join('\n')).digest('hex').slice(0, 32)}@${DOMAIN}>`
}

function dateWords(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000')
}

/** RFC 2047 words of at most 75 characters; no character is split. */
function encodedWords(text: string): string {
  const words: string[] = []
  let part = ''
  for (const sign of text) {
    if (Buffer.byteLength(part + sign) > 45) {
      words.push(part)
      part = ''
    }
    part += sign
  }
  words.push(part)
  return words.map(word => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ')
}

function base64Lines(text: string): string {
  const encoded = Buffer.from(text.replace(/\r?\n/g, '\r\n')).toString('base64')
  return `${(encoded.match(/.{1,76}/g) ?? []).join('\r\n')}\r\n`
}
