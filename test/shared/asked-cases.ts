/** Eighty drafts with a mistake, and the one question that each is asked. */

import type { DraftQuestion } from '../../shared/draft-questions.ts'
import {
  answering,
  type CaseDraft,
  colleague,
  crowd,
  haruka,
  person,
  sato,
  smith,
  suzuki,
  weber,
  yuki,
} from './draft-question-world.ts'

type Found = { check: DraftQuestion['check'] } & Record<string, unknown>
export type AskedCase = [mistake: string, draft: CaseDraft, found: Found]

const forgotten = (mistake: string, text: string, words: string, more: CaseDraft = {}): AskedCase => [
  mistake,
  { text, ...more },
  { check: 'forgotten-attachment', words },
]
const mistyped = (address: string, suggestion: string | null, reason = 'mistyped'): AskedCase => [
  `mail to ${address}`,
  { to: [person('', address)] },
  { check: 'mistyped-domain', address, suggestion, reason },
]
const greets = (text: string, to: CaseDraft['to'] & object, name: string): AskedCase => [
  `"${text.split('\n')[0]}" to ${to.map(one => one.name || one.address).join(', ')}`,
  { to, text: `${text}\n\n` },
  { check: 'salutation', name },
]
const leftover = (text: string, ...fields: string[]): AskedCase => [
  `"${text.split('\n')[0]}" with a field unfilled`,
  { text },
  { check: 'template-field', fields },
]
const link = (text: string, href: string, shown: string, target: string): AskedCase => [
  `a link that says ${text}`,
  { html: `<p>Here it is:</p><p><a href="${href}">${text}</a></p>` },
  { check: 'lying-link', shown, target },
]

const dangerous = (danger: string, ...files: string[]): AskedCase => [
  `${files.join(', ')} attached (${danger})`,
  { files: ['invoice.pdf', ...files, 'photo.jpg'] },
  { check: 'dangerous-file', danger, names: files },
]

export const askedCases: readonly AskedCase[] = [
  // -- forgotten attachment, English
  forgotten(
    'a file promised politely',
    'Hello,\n\nplease find attached the invoice for May.\n\nBest\nYuki',
    'please find attached',
  ),
  forgotten(
    'a file promised in passing',
    "I've attached the slides from Tuesday so you can use them.",
    "I've attached",
  ),
  forgotten(
    'a file being attached',
    "I'm attaching the contract, let me know what you think.",
    "I'm attaching",
  ),
  forgotten('a file at the head of a sentence', 'Attached are the photos of the staircase.', 'Attached are'),
  forgotten('a file in short', 'CV attached. I would love to hear from you.', 'CV attached'),
  forgotten(
    'a file in brackets',
    'The new numbers (see attached) are better than last year.',
    'see attached',
  ),
  forgotten(
    'a file named by the adjective',
    'Could you review the attached contract by Friday?',
    'the attached contract',
  ),
  forgotten(
    'an enclosure',
    'We enclose our offer for the roof and look forward to your answer.',
    'We enclose',
  ),
  forgotten(
    'a file broken over two lines',
    'As agreed on the phone, please\nfind the signed form attached. The\noriginal follows.',
    'please find the signed form attached',
  ),
  forgotten(
    'an apology for the last one',
    'Sorry, I forgot to attach the list. Here it is.',
    'I forgot to attach',
  ),
  forgotten(
    'a promise above a quote that has none',
    'The draft is attached.\n\nOn Monday, Haruka wrote:\n> Could you send me the draft?\n> Thanks',
    'is attached',
  ),
  forgotten(
    'a promise beside the word for theirs',
    'Thanks for your attachment. My comments are attached as a second file.',
    'are attached',
  ),
  forgotten(
    'a clear promise in an answer to a mail with files',
    'I have attached the signed copy.',
    'I have attached',
    {
      facts: answering([haruka], { hasAttachments: true }),
    },
  ),
  forgotten('a promise in html', '', 'Please see the attached', {
    html: '<p>Hello,</p><p>Please see the <strong>attached</strong> plan.</p>',
  }),
  forgotten(
    'an attachment that is described',
    'The attachment contains the prices of all rooms.',
    'The attachment contains',
  ),
  // -- forgotten attachment, Japanese
  forgotten(
    '見積書の添付忘れ',
    '佐藤様\n\nお世話になっております。\n見積書を添付いたしますので、ご査収ください。',
    '添付いたします',
    { to: [sato] },
  ),
  forgotten('添付のとおり', '当日の予定は添付のとおりです。よろしくお願いいたします。', '添付のとおり', {
    to: [sato],
  }),
  forgotten('添付の資料', '詳細は添付の資料をご確認ください。', '添付の資料をご確認', { to: [sato] }),
  forgotten('添付ファイル', '添付ファイルをご覧のうえ、ご返信をお待ちしております。', '添付ファイルをご覧', {
    to: [sato],
  }),
  forgotten('同封', '契約書の写しを同封しております。', '同封しております', { to: [suzuki] }),
  forgotten('別添', '日程は別添の一覧をご覧ください。', '別添の一覧をご覧', { to: [suzuki] }),
  forgotten('別紙', '内訳につきましては、別紙のとおりでございます。', '別紙のとおり', { to: [suzuki] }),
  forgotten(
    '資料をお送り',
    'ご依頼の資料をお送りいたします。ご査収のほどお願いいたします。',
    '資料をお送りいたします',
    { to: [suzuki] },
  ),
  forgotten(
    'ファイルを送ります',
    'お疲れさまです。\nさっき話したファイルを送ります。',
    'ファイルを送ります',
    { to: [colleague] },
  ),
  forgotten(
    '添付を忘れたことのお詫び',
    '先ほどのメールで添付を忘れておりました。失礼いたしました。',
    '添付を忘れておりまし',
    { to: [sato] },
  ),
  forgotten('請求書の送付', '十一月分の請求書を送付いたします。', '請求書を送付いたします', { to: [sato] }),
  forgotten('添付して送る', '議事録を添付して送ります。', '添付して送ります', { to: [colleague] }),

  // -- domains
  mistyped('tanaka@gmai.com', 'tanaka@gmail.com'),
  mistyped('tanaka@gmial.com', 'tanaka@gmail.com'),
  mistyped('j.smith@gmail.con', 'j.smith@gmail.com'),
  mistyped('j.smith@hotmial.com', 'j.smith@hotmail.com'),
  mistyped('yamada@yaho.co.jp', 'yamada@yahoo.co.jp'),
  mistyped('hanako.1990@docmo.ne.jp', 'hanako.1990@docomo.ne.jp'),
  mistyped('hanako@gmail.co.jp', 'hanako@gmail.com'),
  mistyped('hanako@ezwed.ne.jp', 'hanako@ezweb.ne.jp'),
  mistyped('a.meyer@outlok.com', 'a.meyer@outlook.com'),
  mistyped('info@exmaple-works.co.jp', 'info@example-works.co.jp'),
  mistyped('mori@aozoar.example', 'mori@aozora.example'),
  mistyped('m.weber@weberbuu.example', 'm.weber@weberbau.example'),
  mistyped('info@gmаil.com', 'info@gmail.com', 'look-alike'),
  mistyped('info@xn--gmil-63d.com', 'info@gmail.com', 'look-alike'),
  mistyped('m.weber@vveberbau.example', 'm.weber@weberbau.example', 'look-alike'),
  mistyped('pay@раypal-service.example', null, 'mixed-scripts'),
  [
    'an answer to somebody whose domain looks like a known one',
    {
      to: [person('Martin Weber', 'm.weber@wеberbau.example')],
      facts: answering([person('', 'm.weber@wеberbau.example')]),
    },
    { check: 'mistyped-domain', reason: 'look-alike', suggestion: 'm.weber@weberbau.example' },
  ],

  // -- addresses
  [
    'a domain without a dot',
    { to: [haruka, person('', 'j.smith@example')] },
    { check: 'doubtful-address', address: 'j.smith@example', verdict: 'bad-domain' },
  ],
  [
    'a local part that the server cannot carry',
    { to: [person('', '田中@weberbau.example')] },
    { check: 'address-not-carried', address: '田中@weberbau.example' },
  ],
  [
    'a first mail outside',
    { to: [person('Anna Lind', 'anna@lindqvist-foto.example')] },
    { check: 'first-mail', addresses: [person('Anna Lind', 'anna@lindqvist-foto.example')] },
  ],
  ['a first mail in Bcc', { bcc: [person('', 'rival@other-house.example')] }, { check: 'first-mail' }],
  [
    'somebody added to an answer',
    { to: [haruka], cc: [weber], facts: answering([haruka]) },
    { check: 'added-recipients', addresses: [weber] },
  ],
  [
    'a new address added to an answer, asked once',
    { to: [haruka], cc: [person('', 'new@far-away.example')], facts: answering([haruka]) },
    { check: 'added-recipients', addresses: [person('', 'new@far-away.example')] },
  ],
  [
    'eleven people outside in To',
    { to: crowd(11), facts: { people: null } },
    { check: 'many-outsiders', limit: 10 },
  ],
  [
    'people outside over To and Cc',
    { to: crowd(11).slice(0, 6), cc: [colleague, ...crowd(11).slice(6)], facts: { people: null } },
    { check: 'many-outsiders' },
  ],
  [
    'more than the limit that was chosen',
    { to: crowd(4), facts: { people: null, outsidersLimit: 3 } },
    { check: 'many-outsiders', limit: 3 },
  ],
  [
    'an answer from another address than the mail came to',
    { facts: answering([haruka], { addressed: ['tanaka.yuki@gmail.com'] }) },
    { check: 'identity', from: yuki.address, addressed: 'tanaka.yuki@gmail.com' },
  ],
  [
    'a mail beyond the SIZE of the server',
    { files: ['film.mp4'], facts: { bytes: 31_000_000 } },
    { check: 'too-big', bytes: 31_000_000, limit: 20_000_000 },
  ],

  // -- salutation
  greets('Dear Sarah,\n\nthe house is ready.', [weber], 'Sarah'),
  greets('Hi Sophie,\n\nsee you there.', [smith], 'Sophie'),
  greets('Hello Martin and Haruka,\n\nhere is the plan.', [weber], 'Haruka'),
  greets('Dear Mr. Brown,\n\nthank you for the visit.', [smith], 'Brown'),
  greets('Good morning Katrin,\n\nall is well.', [weber, smith], 'Katrin'),
  greets('Suzuki-san,\n\nthe paper has arrived.', [weber], 'Suzuki'),
  greets('鈴木様\n\nお世話になっております。田中です。', [sato], '鈴木'),
  greets('佐藤工業株式会社\n営業部　高橋様\n\nお世話になっております。', [sato], '高橋'),
  greets('山田さん\n\nお疲れさまです。', [suzuki], '山田'),
  greets('田村先生、いつもありがとうございます。', [sato], '田村'),
  greets('佐藤様、鈴木様\n\nいつもお世話になっております。', [sato], '鈴木'),
  greets('高橋部長様\n\nお世話になっております。', [sato], '高橋'),
  greets('鈴木様\n\nお世話になっております。', [{ ...sato, name: '' }], '鈴木'),

  // -- files that start something
  dangerous('runs', 'Setup.EXE'),
  dangerous('runs', 'deploy.sh', 'install.ps1'),
  dangerous('runs', 'widget.js', 'old.vbs', 'start.bat', 'run.cmd', 'saver.scr'),
  dangerous('runs', 'editor.msi', 'tool.jar', 'Report.lnk', 'page.hta', 'disk.iso'),
  dangerous('runs', 'Todoke.dmg', 'app-release.apk', 'viewer.AppImage', 'todoke_1.0_amd64.deb', 'Tool.pkg'),
  dangerous('runs', '見積書作成ツール.exe'),
  dangerous('runs', 'update.exe. ', 'v1.2.exe'),
  dangerous('has-macros', '給与計算.xlsm', 'letter.docm', 'Slides.PPTM'),
  dangerous('disguised', 'invoice.pdf.exe'),
  dangerous('disguised', '請求書.pdf      .scr', 'photo.jpg.js'),
  dangerous('disguised', '見積書_\u202efdp.exe'),
  dangerous('disguised', 'budget.xlsx.xlsm'),

  // -- subject, text, fields, links
  ['no subject', { subject: '  ' }, { check: 'empty-subject' }],
  ['no text', { text: ' \n\n' }, { check: 'empty-text' }],
  ['only a signature', { text: '\n\n-- \nYuki Tanaka\nAozora' }, { check: 'empty-text' }],
  [
    'an answer of nothing but the quote',
    { text: '\n\nOn Monday, Haruka wrote:\n> Shall we meet?', facts: answering([haruka]) },
    { check: 'empty-text' },
  ],
  leftover('Hello {{first_name}},\nwelcome to our house.', '{{first_name}}'),
  leftover('Thank you for choosing [Company Name].', '[Company Name]'),
  leftover('We confirm your stay on {date} at noon.', '{date}'),
  leftover('This offer is made to <<customer>> alone.', '<<customer>>'),
  leftover('○○様\n\nお世話になっております。', '○○'),
  leftover('【会社名】\n【担当者名】様\n\nお世話になっております。', '【会社名】', '【担当者名】'),
  leftover('株式会社XXX\nご担当者様\n\nはじめまして。', 'XXX'),
  link(
    'https://northwind-travel.example/booking',
    'https://northwind.tracking-link.example/x?1',
    'northwind-travel.example',
    'northwind.tracking-link.example',
  ),
  link(
    'weber@weberbau.example',
    'mailto:sales@other-house.example',
    'weber@weberbau.example',
    'sales@other-house.example',
  ),
]
