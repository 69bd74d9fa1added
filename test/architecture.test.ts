/** Executes the law of the house (ARCHITECTURE.md, "Who may import whom"): an offence is named with its file and its mend. */

import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

type Import = { from: string; target: string; isTypeOnly: boolean }

const sources = globSync('{shared,main,renderer}/**/*.{ts,tsx}', { cwd: root }).map(file =>
  file.replaceAll('\\', '/'),
)

function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text)
  const found: Import[] = []
  const add = (target: string, isTypeOnly: boolean) => {
    const place = target.startsWith('.') ? posix.join(dirname(file), target) : target
    found.push({ from: file, target: place, isTypeOnly })
  }
  for (const entry of module.staticImports) {
    const isTypeOnly = entry.entries.length > 0 && entry.entries.every(name => name.isType)
    add(entry.moduleRequest.value, isTypeOnly)
  }
  for (const statement of module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType)
    }
  }
  for (const dynamic of module.dynamicImports) {
    add(text.slice(dynamic.moduleRequest.start + 1, dynamic.moduleRequest.end - 1), false)
  }
  return found
}

const texts = new Map(sources.map(file => [file, readFileSync(join(root, file), 'utf8')]))
const imports = sources.flatMap(file => importsOf(file, texts.get(file) ?? ''))
const inHouse = imports.filter(edge => texts.has(edge.target))
const foreign = imports.filter(edge => !/^(shared|main|renderer)\//.test(edge.target))

/** The room of a file: 'shared', 'renderer', or a folder of main; the files directly in main/ are its ground floor. */
function roomOf(file: string): string {
  if (file.startsWith('shared/')) return 'shared'
  if (file.startsWith('renderer/')) return 'renderer'
  if (file === 'main/app.ts') return 'main/app'
  const folder = file.split('/')[1] ?? ''
  return folder.includes('.') ? 'main/ground' : `main/${folder}`
}

const GROUND = ['shared', 'main/ground']
const SUPPLIES = ['main/accounts', 'main/mime', 'main/sasl', 'main/smtp', 'main/settings', 'main/practice']
const DOMAINS = [
  'main/templates',
  'main/outbox',
  'main/merge',
  'main/mailbox',
  'main/reports',
  'main/drafts',
  'main/people',
  'main/pictures',
  'main/lists',
]

/** Downhill only. A room may import itself and what is listed. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  renderer: ['shared'],
  'main/ground': ['shared'],
  'main/mime': GROUND,
  'main/sasl': GROUND,
  'main/smtp': [...GROUND, 'main/mime', 'main/sasl'],
  'main/settings': GROUND,
  'main/practice': GROUND,
  'main/accounts': [...GROUND, 'main/smtp'],
  'main/drafts': [...GROUND, ...SUPPLIES],
  'main/outbox': [...GROUND, ...SUPPLIES, 'main/drafts'],
  'main/merge': [...GROUND, ...SUPPLIES],
  'main/templates': GROUND,
  'main/pictures': GROUND,
  'main/lists': GROUND,
  'main/mailbox': [...GROUND, ...SUPPLIES],
  'main/people': GROUND,
  'main/reports': [...GROUND, ...SUPPLIES, 'main/outbox', 'main/mailbox'],
  'main/sorting-room': [...GROUND, ...SUPPLIES, 'main/mailbox', 'main/drafts', 'main/people'],
  'main/app': [...GROUND, ...SUPPLIES, ...DOMAINS, 'main/sorting-room'],
  'main/shells': [...GROUND, 'main/app'],
}

/** What a room shows to others, beside the file of its own name. Everything else in it is private. */
const ALSO_PUBLIC: ReadonlySet<string> = new Set([
  'main/mime/write-mail.ts',
  'main/mime/recipe.ts',
  'main/mime/carriage.ts',
  'main/mime/quotable.ts',
  'main/mime/remote-pictures.ts',
  'main/mime/mail-files.ts',
  'main/mime/read-mail.ts',
  'main/mime/authentication.ts',
  'main/mime/mail-reader.ts',
  'main/mime/search-text.ts',
  'main/sasl/sign-in.ts',
  'main/smtp/submit.ts',
  'main/smtp/reply.ts',
  'main/smtp/abilities.ts',
  'main/drafts/spool.ts',
  'main/drafts/frozen-draft.ts',
  'main/drafts/draft-calls.ts',
  'main/outbox/outbox-calls.ts',
  'main/merge/merge-calls.ts',
  'main/drafts/preview.ts',
  'main/mailbox/conversations.ts',
  'main/mailbox/receiving.ts',
  'main/mailbox/search.ts',
  'main/mailbox/search-index.ts',
  'main/mailbox/search-reader.ts',
  'main/mailbox/threads.ts',
  'main/people/counting.ts',
  'main/people/reading.ts',
  'main/sorting-room/messages.ts',
  'main/sorting-room/search-thread.ts',
])

/** One door per foreign thing: the library, and the only files that may import it. */
const DOORS: Record<string, RegExp> = {
  'node:sqlite': /^main\/db\.ts$/,
  zod: /^main\/call\.ts$/,
  nodemailer: /^main\/mime\/write-mail\.ts$/,
  'css-tree': /^main\/mime\/css-rules\.ts$/,
  'css-select': /^main\/mime\/css-rules\.ts$/,
  culori: /^main\/mime\/css-colour\.ts$/,
  parse5: /^main\/mime\/html-tree\.ts$/,
  'parse5-htmlparser2-tree-adapter': /^main\/mime\/html-tree\.ts$/,
  domhandler: /^main\/mime\/html-tree\.ts$/,
  'get-east-asian-width': /^main\/mime\/flowed\.ts$/,
  'node:https': /^main\/web-request\.ts$/,
  imapflow: /^main\/mailbox\/imap\.ts$/,
  'csv-parse': /^main\/people\/contact-csv\.ts$/,
  'postal-mime': /^main\/mime\/read-mail\.ts$/,
  'smtp-server': /^main\/practice\//,
  electron: /^main\/shells\//,
  'electron-store': /^main\/shells\//,
  conf: /^main\/shells\//,
  'playwright-core': /^main\/shells\//,
  // One for each place that shows foreign html.
  dompurify: /^renderer\/(mailbox\/safe-html|compose\/editor\/letter-reader)\.ts$/,
  '@tiptap/core': /^renderer\/compose\/editor\//,
  '@tiptap/pm': /^renderer\/compose\/editor\//,
  '@tiptap/starter-kit': /^renderer\/compose\/editor\/letter-schema\.ts$/,
  '@tiptap/extension-table': /^renderer\/compose\/editor\/letter-schema\.ts$/,
  i18next: /^renderer\/i18n\//,
  'react-i18next': /^renderer\/i18n\//,
}

const packageOf = (target: string) =>
  target.startsWith('node:')
    ? target
    : target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/')

describe('the law of the house', () => {
  test('a room imports only what lies downhill of it', () => {
    const offences = inHouse
      .filter(edge => {
        const [from, to] = [roomOf(edge.from), roomOf(edge.target)]
        return from !== to && !(MAY_IMPORT[from] ?? []).includes(to)
      })
      .map(edge => `${edge.from} must not import ${edge.target}`)
    expect(offences).toEqual([])
  })

  test('every import inside the house leads to a file that is there', () => {
    const lost = imports
      .filter(edge => /^(shared|main|renderer)\//.test(edge.target) && !texts.has(edge.target))
      .filter(edge => !/\.(css|svg|png|json)(\?.*)?$/.test(edge.target))
      .map(edge => `${edge.from} imports ${edge.target}, which is not there`)
    expect(lost).toEqual([])
  })

  test('from outside, only the public file of a domain is imported', () => {
    const offences = inHouse
      .filter(edge => edge.target.startsWith('main/') && roomOf(edge.from) !== roomOf(edge.target))
      .filter(edge => {
        const room = roomOf(edge.target)
        if (room === 'main/ground' || room === 'main/app') return false
        return edge.target !== `${room}/${room.split('/')[1]}.ts` && !ALSO_PUBLIC.has(edge.target)
      })
      .map(edge => `${edge.from} reaches into ${edge.target}`)
    expect(offences).toEqual([])
  })

  test('each library is imported behind its one door', () => {
    const offences = foreign
      .filter(edge => DOORS[packageOf(edge.target)]?.test(edge.from) === false)
      .map(edge => `${edge.from} must not import ${edge.target}`)
    expect(offences).toEqual([])
  })

  test('shared and the page import nothing of Node', () => {
    const offences = foreign
      .filter(
        edge =>
          edge.from.startsWith('shared/') ||
          (edge.from.startsWith('renderer/') && /^node:/.test(edge.target)),
      )
      .map(edge => `${edge.from} imports ${edge.target}`)
    expect(offences).toEqual([])
  })

  test('nobody imports an entry point of a shell or of the worker', () => {
    const entries = /^main\/(shells\/(launch|headless|preload)|sorting-room\/worker)\.ts$/
    const offences = inHouse
      .filter(edge => entries.test(edge.target))
      .map(edge => `${edge.from} imports ${edge.target}`)
    expect(offences).toEqual([])
  })

  test('the page has no network and no data of its own', () => {
    const forbidden =
      /\b(fetch\(|XMLHttpRequest|WebSocket\(|EventSource\(|sendBeacon|RTCPeerConnection|localStorage|sessionStorage|indexedDB)/
    const offences = sources
      .filter(file => file.startsWith('renderer/'))
      .filter(file => forbidden.test(texts.get(file) ?? ''))
    expect(offences).toEqual([])
  })

  test('only the bridge touches the global that the preload left', () => {
    const offences = sources
      .filter(file => file.startsWith('renderer/') && file !== 'renderer/bridge.ts')
      .filter(file => /window\.todoke/.test(texts.get(file) ?? ''))
    expect(offences).toEqual([])
  })

  test('there are no import cycles', () => {
    const next = new Map<string, string[]>()
    for (const edge of inHouse) {
      if (!edge.isTypeOnly) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.target])
    }
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (file: string, path: string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
        return
      }
      if (done.has(file)) return
      for (const target of next.get(file) ?? []) walk(target, [...path, file])
      done.add(file)
    }
    for (const file of sources) walk(file, [])
    expect(cycles).toEqual([])
  })

  test('no file has outgrown its room', () => {
    const LONGEST = 450
    const long = sources
      .map(file => ({ file, lines: (texts.get(file) ?? '').split('\n').length }))
      .filter(({ lines }) => lines > LONGEST)
      .map(
        ({ file, lines }) =>
          `${file} has ${lines} lines, at most ${LONGEST}: split it by what it is responsible for`,
      )
    expect(long).toEqual([])
  })

  test('every file opens by saying what it owns', () => {
    const silent = sources.filter(
      file => !/^(\/\*\*|\/\/)/.test(texts.get(file) ?? '') && !/\/i18n\/(en|ja)\//.test(file),
    )
    expect(silent).toEqual([])
  })
})

test('the law is looking at the real house', () => {
  expect(sources.length).toBeGreaterThan(15)
  expect(relative(root, import.meta.filename)).toBe(join('test', 'architecture.test.ts'))
})
