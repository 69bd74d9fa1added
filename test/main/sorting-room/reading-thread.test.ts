import { afterEach, expect, test } from 'vitest'
import {
  createReadingThread,
  READ_WITHIN_MS,
  type ReadingThread,
} from '../../../main/sorting-room/reading-thread.ts'
import { manualClock } from '../../support/manual-clock.ts'

const real = new URL('../../../main/sorting-room/worker.ts', import.meta.url)
const stuck = new URL('./stuck-reader.ts', import.meta.url)
const mail = (subject: string, text: string) => Buffer.from(`Subject: ${subject}\r\n\r\n${text}\r\n`)

const open: ReadingThread[] = []
afterEach(async () => {
  for (const thread of open.splice(0)) await thread.stop()
})
function openThread(url: URL) {
  const clock = manualClock()
  const thread = createReadingThread({ url, clock })
  open.push(thread)
  return { clock, thread }
}

test('mails are read in a thread of their own, with their files', async () => {
  const { thread } = openThread(real)
  const source = Buffer.from(
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n' +
      'Content-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\nAAE=\r\n--b--\r\n',
  )
  const [read, quoted, files] = await Promise.all([
    thread.read(source),
    thread.quote(source),
    thread.attachments(source, ['1']),
  ])
  expect(read).toMatchObject({ subject: 'x', text: 'words\n', isDamaged: false })
  expect(quoted.text).toBe('words\n')
  expect([...(files?.[0]?.content ?? [])]).toEqual([0, 1])
})

test('a mail that is not read within ten seconds is given up, readable as its source; the next one is read', async () => {
  const { thread, clock } = openThread(stuck)
  const first = thread.read(mail('a bomb', 'takes forever'))
  const next = thread.read(mail('a letter', 'words'))
  clock.advance(READ_WITHIN_MS)
  expect(await first).toMatchObject({ subject: 'a bomb', isDamaged: true })
  expect((await first).text).toContain('takes forever')
  expect(await next).toMatchObject({ subject: 'a letter', text: 'words\n', isDamaged: false })
})

test('a mail that takes the thread down is given up too, and what is asked of it says that there is nothing', async () => {
  const { thread } = openThread(stuck)
  const source = mail('a bomb', 'kills')
  const answers = await Promise.all([
    thread.read(source),
    thread.quote(source),
    thread.remotePictures(source),
    thread.attachments(source, ['1']),
    thread.read(mail('a letter', 'words')),
  ])
  expect(answers[0]).toMatchObject({ subject: 'a bomb', isDamaged: true })
  expect(answers[1]).toMatchObject({ subject: 'a bomb', text: '', html: null })
  expect(answers.slice(2, 4)).toEqual([{ urls: [], trackers: 0 }, null])
  expect(answers[4]).toMatchObject({ text: 'words\n', isDamaged: false })
})

test('a thread that is stopped keeps nobody waiting', async () => {
  const { thread } = openThread(stuck)
  const first = thread.read(mail('a bomb', 'takes forever'))
  const next = thread.read(mail('a letter', 'words'))
  await thread.stop()
  expect((await first).isDamaged).toBe(true)
  expect((await next).isDamaged).toBe(true)
})
