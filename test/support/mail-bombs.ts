// Mails that are made to cost a reader its time or its memory: 21 kinds, each with its words at a place where a patient
// reader finds them. Sizes are those that a server still takes.

const crlf = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

const head = (name: string, ...more: string[]) => [
  'From: Bomb <bomb@evil.example>',
  'To: you@example.org',
  `Subject: ${name}`,
  'Date: Mon, 7 Sep 2026 10:00:00 +0900',
  'Message-ID: <bomb@evil.example>',
  'MIME-Version: 1.0',
  ...more,
]

const html = (name: string, body: string) =>
  crlf(...head(name, 'Content-Type: text/html; charset=utf-8'), '', body)

const multipart = (name: string, ...body: string[]) =>
  crlf(...head(name, 'Content-Type: multipart/mixed; boundary="b"'), '', ...body)

/** Multiparts within one another, `depth` of them. */
function nested(depth: number): string {
  let mail = ''
  for (let at = 0; at < depth; at += 1)
    mail += `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`
  return `${mail}Content-Type: text/plain\r\n\r\nwords\r\n`
}

/** Each is built when it is asked for: together they are 150 MB. */
export const mailBombs: Record<string, () => Buffer> = {
  'ten thousand parts': () => multipart('parts', '--b\r\n\r\nwords\r\n'.repeat(10_000), '--b--'),
  'multiparts a thousand deep': () => crlf(...head('deep'), nested(1_000)),
  'a header line of 1 MB': () => crlf(...head('line', `X-Long: ${'a'.repeat(1_000_000)}`), '', 'words'),
  'a hundred thousand headers': () =>
    crlf(...head('headers', ...Array.from({ length: 100_000 }, (_, at) => `X-${at}: y`)), '', 'words'),
  'a subject of 5 MB': () => crlf(...head('S'.repeat(5_000_000)), '', 'words'),
  'boundaries that begin like the boundary': () =>
    multipart('prefixes', '--b\r\n\r\nwords', '--bb\r\n--bbb\r\n--b-\r\n'.repeat(200_000), '--b--'),
  'base64 without end': () =>
    crlf(
      ...head('base64', 'Content-Type: text/plain', 'Content-Transfer-Encoding: base64'),
      '',
      `${'d29yZHMg'.repeat(9)}\r\n`.repeat(250_000),
    ),
  'an encoded word of 4 MB': () => crlf(...head(`=?utf-8?B?${'d29yZHMg'.repeat(500_000)}?=`), '', 'words'),
  'encoded words by the hundred thousand': () =>
    crlf(...head(Array.from({ length: 100_000 }, () => '=?utf-8?Q?w=C3=B6rds?=').join(' ')), '', 'words'),
  'quoted-printable that is mostly marks': () =>
    crlf(
      ...head('quoted', 'Content-Type: text/plain', 'Content-Transfer-Encoding: quoted-printable'),
      '',
      `${'=41='.repeat(18)}\r\n=\r\n`.repeat(150_000),
    ),
  'html of 200,000 elements': () => html('elements', '<p><b>words</b>'.repeat(100_000)),
  'tables ten thousand deep': () => html('tables', `${'<table><tr><td>'.repeat(10_000)}words`),
  'an inline style of 2 MB': () =>
    html(
      'style',
      `<p style="${'background:red;'.repeat(140_000)}">words</p><style>${'p>'.repeat(100_000)}a{}</style>`,
    ),
  'a style sheet of 50,000 rules': () =>
    html(
      'rules',
      `<style>${'p:has(b:not(i)) b>b{color:red}\n'.repeat(50_000)}</style>${'<p><b>words</b>'.repeat(2_000)}`,
    ),
  'an element with 100,000 attributes': () =>
    html('attributes', `<p ${Array.from({ length: 100_000 }, (_, at) => `a${at}=b`).join(' ')}>words</p>`),
  'a hundred thousand recipients': () =>
    crlf(
      ...head(
        'to',
        `Cc: ${Array.from({ length: 100_000 }, (_, at) => `P${at} <p${at}@a.test>`).join(',\r\n ')}`,
      ),
      '',
      'words',
    ),
  'groups within groups of recipients': () =>
    crlf(...head('groups', `Cc: ${'g:"'.repeat(100_000)}${'('.repeat(300_000)}`), '', 'words'),
  'a file name in ten thousand pieces': () =>
    multipart(
      'pieces',
      '--b\r\nContent-Type: text/plain\r\n\r\nwords',
      '--b',
      'Content-Type: application/octet-stream',
      `Content-Disposition: attachment${Array.from({ length: 10_000 }, (_, at) => `;\r\n filename*${at}*=%41b`).join('')}`,
      '',
      'x',
      '--b--',
    ),
  'forwards a thousand deep': () =>
    crlf(
      ...head('forwards'),
      `${'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n'.repeat(1_000)}\r\nwords`,
    ),
  'one line of 20 MB': () => crlf(...head('longest'), '', `words ${'a@b.c '.repeat(3_400_000)}`),
  'a million lines of quotes': () =>
    crlf(...head('quotes'), '', 'words', `${'> '.repeat(8)}x\r\n`.repeat(1_000_000)),
}
