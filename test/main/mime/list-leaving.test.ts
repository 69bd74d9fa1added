import { expect, test } from 'vitest'
import { readMail } from '../../../main/mime/read-mail.ts'

const leavingOf = async (...lines: string[]) =>
  (await readMail(Buffer.from([...lines, 'From: Shop <News@Print.test>', '', 'Hello', ''].join('\r\n'))))
    .leaving

test('a mail over no list cannot leave one', async () => {
  expect(await leavingOf('Subject: x')).toBeNull()
  expect(await leavingOf('List-Id: <a.test>')).toBeNull()
})

test('a list is known by its List-Id, else by its sender, in small letters', async () => {
  const way = 'List-Unsubscribe: <mailto:leave@print.test>'
  expect((await leavingOf(way))?.key).toBe('news@print.test')
  expect((await leavingOf(way, 'List-Id: "The News" <News.Print.TEST>'))?.key).toBe('news.print.test')
})

test('one request is offered only where the list says One-Click, and only over HTTPS', async () => {
  const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
  const https = 'List-Unsubscribe: <mailto:l@print.test?subject=bye>, <https://print.test/l?a=1>'
  expect((await leavingOf(https))?.ways).toEqual({
    web: null,
    mail: 'mailto:l@print.test?subject=bye',
    browser: 'https://print.test/l?a=1',
  })
  expect((await leavingOf(https, post))?.ways.web).toBe('https://print.test/l?a=1')
  expect((await leavingOf('List-Unsubscribe: <http://print.test/l>', post))?.ways).toEqual({
    web: null,
    mail: null,
    browser: 'http://print.test/l',
  })
  expect((await leavingOf(https, 'List-Unsubscribe-Post: yes'))?.ways.web).toBeNull()
})

test('an address that was folded in its middle is whole again', async () => {
  const folded = 'List-Unsubscribe: <https://print.test/\r\n leave/20981>'
  expect((await leavingOf(folded))?.ways.browser).toBe('https://print.test/leave/20981')
})

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'ftp://print.test/x', 'print.test/leave', ''])(
  'a way that is %j is none',
  async address => {
    expect(await leavingOf(`List-Unsubscribe: <${address}>`)).toBeNull()
  },
)
