/** The few sentences that a shell says itself, before there is a page or beside it. Everything else is the page's. */

import type { Language } from '../../shared/model.ts'
import type { Problem, ProblemKind } from '../../shared/problem.ts'

type Words = {
  alreadyRunning: string
  calledToFront: string
  noBrowser: string
  browserFailed: (detail: string) => string
  notBuilt: string
  cannotOpen: (reason: string) => string
  reasons: Partial<Record<ProblemKind, string>>
  quitTitle: string
  quitSending: (mails: number) => string
  quitHeld: (mails: number) => string
  quitFiles: (files: number) => string
  quit: string
  stay: string
  menu: { file: string; edit: string; view: string; window: string }
}

const en: Words = {
  alreadyRunning: 'Todoke is already running with this data directory.',
  calledToFront: 'Todoke is already running. Its window has been called to the front.',
  noBrowser:
    'Todoke found neither Electron nor a Chromium. Install Chromium, Google Chrome or Microsoft Edge ' +
    '(on Debian and Ubuntu: sudo apt-get install chromium), or name one with TODOKE_CHROMIUM=/path/to/it.',
  browserFailed: detail => `The browser that shows Todoke's window did not start: ${detail}`,
  notBuilt: 'Todoke has not been built yet. Run: npm run build',
  cannotOpen: reason => `Todoke cannot open its data: ${reason}`,
  reasons: {
    'database-newer': 'it was written by a newer version of Todoke. Nothing has been changed.',
    'database-corrupt': 'the database is damaged. Nothing has been changed.',
    'disk-full': 'the disk is full.',
    disk: 'the data directory cannot be written.',
  },
  quitTitle: 'Quit Todoke?',
  quitSending: mails =>
    mails === 1
      ? 'One mail is being sent. Todoke closes its window now and quits when the server has answered.'
      : `${mails} mails are being sent. Todoke closes its window now and quits when the server has answered.`,
  quitHeld: mails =>
    mails === 1
      ? 'One mail is waiting to be sent. It leaves when Todoke is opened again.'
      : `${mails} mails are waiting to be sent. They leave when Todoke is opened again.`,
  quitFiles: files =>
    files === 1
      ? 'One file is still being attached. The draft is kept without it.'
      : `${files} files are still being attached. The drafts are kept without them.`,
  quit: 'Quit',
  stay: 'Stay',
  menu: { file: 'File', edit: 'Edit', view: 'View', window: 'Window' },
}

const ja: Words = {
  alreadyRunning: 'このデータフォルダーの Todoke はすでに起動しています。',
  calledToFront: 'Todoke はすでに起動しています。開いているウィンドウを前面に出しました。',
  noBrowser:
    'Electron も Chromium も見つかりません。Chromium、Google Chrome、Microsoft Edge のいずれかを入れてください' +
    '(Debian・Ubuntu では sudo apt-get install chromium)。TODOKE_CHROMIUM=/path/to/it で指定することもできます。',
  browserFailed: detail => `Todoke のウィンドウを表示するブラウザーを起動できませんでした: ${detail}`,
  notBuilt: 'Todoke はまだビルドされていません。npm run build を実行してください。',
  cannotOpen: reason => `Todoke のデータを開けません: ${reason}`,
  reasons: {
    'database-newer': '新しいバージョンの Todoke が書いたデータです。何も変更していません。',
    'database-corrupt': 'データベースが壊れています。何も変更していません。',
    'disk-full': 'ディスクの空きがありません。',
    disk: 'データフォルダーに書き込めません。',
  },
  quitTitle: 'Todoke を終了しますか',
  quitSending: mails =>
    `メールを ${mails} 通送信しています。ウィンドウを閉じ、サーバーの応答を待ってから終了します。`,
  quitHeld: mails => `送信待ちのメールが ${mails} 通あります。次に Todoke を開いたときに送信します。`,
  quitFiles: files =>
    `ファイルを ${files} 件添付しているところです。下書きは残りますが、添付は途中で終わります。`,
  quit: '終了する',
  stay: '終了しない',
  menu: { file: 'ファイル', edit: '編集', view: '表示', window: 'ウィンドウ' },
}

const WORDS: Record<Language, Words> = { en, ja }

export function wordsIn(language: Language): Words {
  return WORDS[language]
}

/** Why the program cannot open, in a sentence. */
export function sayProblem(problem: Problem, language: Language): string {
  const words = wordsIn(language)
  if (problem.kind === 'already-running') return words.alreadyRunning
  const reason = words.reasons[problem.kind] ?? problem.kind
  const detail = 'detail' in problem ? ` (${problem.detail})` : 'file' in problem ? ` (${problem.file})` : ''
  return words.cannotOpen(reason + detail)
}
