/** Eighty drafts as people really write them. None of them is asked anything. */

import {
  answering,
  type CaseDraft,
  colleague,
  crowd,
  haruka,
  nobody,
  person,
  sato,
  smith,
  suzuki,
  weber,
  yuki,
} from './draft-question-world.ts'

export type QuietCase = [mail: string, draft: CaseDraft]

const files = { files: ['invoice.pdf'] }

const english: readonly QuietCase[] = [
  // -- about files
  [
    'thanks for a file',
    { text: 'Hi Haruka,\n\nthank you for the attached photos, they are wonderful.\n\nYuki' },
  ],
  [
    'a word about the file of the reader',
    { text: 'The contract you attached is missing a page. Could you send it again?' },
  ],
  [
    'a request for a file',
    { text: 'Could you please attach the signed form when you answer?\n\nMany thanks\nYuki' },
  ],
  ['an instruction to attach', { text: 'Please attach your receipts to the form and hand it in by Monday.' }],
  [
    'a file that could not be opened',
    { text: 'I could not open the attachment, my program says it is damaged.' },
  ],
  ['a mail without a file, saying so', { text: 'There is no attachment this time, as nothing has changed.' }],
  [
    'a file that is left out on purpose',
    { text: 'The plan is not attached because it is too large. I will bring it on Friday.' },
  ],
  ['a file to come', { text: "I'll attach the final numbers to my next mail once they are ready." }],
  [
    'a thing fixed to another',
    { text: 'The handle is attached to the door with two screws.\nI am quite attached to this old house.' },
  ],
  ['an idiom', { text: 'You can have the desk, no strings attached.' }],
  ['a field of science', { text: 'The seminar on attachment theory moves to room 4.' }],
  ['a garden', { text: 'The flat has an enclosed garden and an attached garage.' }],
  [
    'a question about a missing file',
    { text: 'You mentioned a list, but it was not attached. Did you forget it?' },
  ],
  [
    'a file in the mail before',
    { text: 'As you can see in the document attached to my previous message, nothing changes.' },
  ],
  [
    'a quote that promises a file',
    {
      text: 'Thanks, all received.\n\nOn Mon, 23 Nov 2026, Haruka wrote:\n> Please find the invoice attached.\n> Haruka',
    },
  ],
  [
    'a forwarded mail that promised a file',
    {
      text: 'For your information.\n\n---------- Forwarded message ----------\nFrom: Haruka\nSubject: Invoice\n\nPlease find attached the invoice.',
    },
  ],
  [
    'a quote as Outlook makes it',
    {
      text: 'Looks good to me.\n\n-----Original Message-----\nFrom: Haruka\nSent: Monday\n\nI have attached the invoice.',
    },
  ],
  [
    'a quote in html that promises a file',
    {
      html: '<p>Thanks.</p><p>On Monday, Haruka wrote:</p><blockquote><p>I have attached the invoice.</p></blockquote>',
    },
  ],
  [
    'a signature with a rule about attachments',
    { text: 'See you then.\n\n-- \nYuki Tanaka\nThis mail and the attached files are confidential.' },
  ],
  [
    'a signature without a mark, known from the identity',
    {
      text: 'See you then.\n\nYuki Tanaka\nPlease find our terms attached to every order.',
      facts: {
        from: {
          ...yuki,
          signature: { text: 'Yuki Tanaka\nPlease find our terms attached to every order.', html: null },
        },
      },
    },
  ],
  [
    'an answer about the files that came',
    {
      text: 'The attached contract looks fine to me, I will sign it tomorrow.',
      facts: answering([haruka], { hasAttachments: true }),
    },
  ],
  ['a file promised and there', { text: 'Hello,\n\nplease find attached the invoice.', ...files }],
  ['a picture within the text', { html: '<p>The attached picture shows it:</p><p><img src="cid:a@b"></p>' }],
  [
    'what somebody else attached',
    { text: 'The customer attached a photo to his complaint, and it is quite clear.' },
  ],
  [
    'a letter by post',
    { text: 'I have enclosed the keys in a parcel that goes by post today, not by mail.' },
  ],
  [
    'a program explained',
    { text: 'To attach a file, click the paper clip.\n\n```\ngit attach --see attached {{file}}\n```' },
  ],
  ['a file read', { text: 'I have read the attachments and agree with both of them.' }],
  ['a limit', { text: 'The attachment size limit of their server is 10 MB, so we use the share.' }],

  // -- about people
  ['somebody by the short name', { to: [smith], text: 'Hi Bob,\n\nthe tickets are booked.\n\nYuki' }],
  ['somebody by the family name', { to: [weber], text: 'Dear Mr. Weber,\n\nthank you for your visit.' }],
  ['somebody by a title', { to: [weber], text: 'Dear Dr. Martin Weber,\n\nthank you for your visit.' }],
  ['everybody', { to: [weber, smith], text: 'Dear all,\n\nthe meeting moves to three.' }],
  ['a team', { to: [nobody], text: 'Dear Harbour Hotel team,\n\nwe would like to book two rooms.' }],
  ['nobody by name', { to: [nobody], text: 'Dear Sir or Madam,\n\nwe would like to book two rooms.' }],
  [
    'a person behind an address for everybody',
    { to: [nobody], text: 'Dear Ms. Lindqvist,\n\nthank you for the call.' },
  ],
  ['two of two', { to: [weber, smith], text: 'Hello Martin and Bob,\n\nhere is the plan.' }],
  [
    'two people of whom one is in Cc',
    { to: [weber], cc: [haruka], text: 'Hi Martin, Haruka,\n\nhere is the plan.' },
  ],
  ['the Japanese order of a name', { to: [haruka], text: 'Dear Haruka Aoki,\n\nhere is the plan.' }],
  ['an honorific in Latin letters', { to: [haruka], text: 'Aoki-san,\n\nhere is the plan.' }],
  [
    'a name known only from the address',
    {
      to: [person('', 'robert.smith@northwind-travel.example')],
      text: 'Dear Mr Smith,\n\nhere is the plan.',
    },
  ],
  [
    'a name with accents',
    { to: [person('Jörg Müller', 'old.friend@gmail.com')], text: 'Dear Mr. Mueller,\n\nhere is the plan.' },
  ],
  ['no name at all', { text: 'Hello,\n\nshort question: is three o’clock still fine?' }],
  ['a greeting with a question', { text: 'Hi there, quick question about Friday: is three still fine?' }],
  [
    'a greeting in kanji for a name in Latin letters',
    { to: [haruka], text: '青木様\n\n写真をありがとうございました。' },
  ],
  [
    'a name within the text',
    { to: [weber], text: 'Hi Martin,\n\nI spoke with Sarah and Dear Abby yesterday.\nSarah agrees.' },
  ],

  // -- about addresses
  [
    'a provider with a name near another one',
    { to: [person('', 'k@mail.com'), person('', 'j@ymail.com')], facts: { people: null } },
  ],
  [
    'a country of the same provider',
    {
      to: [person('', 'k@yahoo.co.uk'), person('', 'k@yahoo.de'), person('', 'x@hotmail.it')],
      facts: { people: null },
    },
  ],
  [
    'a domain near a known one that is written to often',
    { to: [haruka, person('Imai', 'i@aoki-shashim.example')], facts: { people: null } },
  ],
  ['a part of a known domain', { to: [person('', 'b@news.weberbau.example')], facts: { people: null } }],
  [
    'short domains that lie near each other',
    {
      to: [person('', 'a@gmx.net'), person('', 'b@web.de'), person('', 'c@aol.com')],
      facts: { people: null },
    },
  ],
  ['a domain in Japanese letters', { to: [person('', 'info@写真館アオキ.jp')], facts: { people: null } }],
  [
    'a German domain with its umlaut',
    { to: [person('', 'info@müller-bäckerei.de')], facts: { people: null } },
  ],
  ['a colleague written to for the first time', { to: [person('New Colleague', 'new@aozora.example')] }],
  ['a colleague added to an answer', { to: [haruka], cc: [colleague], facts: answering([haruka]) }],
  ['an answer to all of many who knew each other', { to: crowd(14), facts: answering(crowd(14)) }],
  ['forty people in Bcc', { to: [person('', yuki.address)], bcc: crowd(40), facts: { people: null } }],
  ['ten people outside', { to: crowd(10), facts: { people: null } }],
  [
    'an answer under the name it came to',
    { facts: answering([haruka], { addressed: ['tanaka.yuki@gmail.com', yuki.address] }) },
  ],

  // -- about fields and links
  [
    'prices and marks',
    {
      text: 'The set {a, b} has two members, [1] and [2] say more.\nArray<string> and x << 2 are fine.\nSize XXL, chapter XXX, xxx',
    },
  ],
  ['a form to fill in', { text: 'Please answer with:\n\n[Name]: \n[Company]: \n' }],
  ['headings in brackets', { subject: '[URGENT] [EXT] Roof', text: '[Update] It rains.' }],
  ['a masked card', { text: 'We charged the card XXXX-XXXX-XXXX-1234 today.' }],
  ['a program in ticks', { text: 'Put `{{name}}` where the name comes.' }],
  [
    'links that say where they lead',
    {
      html: '<p><a href="https://www.weberbau.example/plan?id=1">weberbau.example/plan</a>, <a href="https://docs.weberbau.example/">our documents at www.weberbau.example</a>, <a href="https://code.example/x">Node.js</a>, <a href="mailto:m.weber@weberbau.example">m.weber@weberbau.example</a></p>',
    },
  ],
  [
    'a mail that is passed on without a word',
    { text: '\n\n---------- Forwarded message ----------\nFrom: Haruka\nSubject: {{name}}\n\nHello' },
  ],
  ['a file without a word', { text: '', ...files }],
]

const japanese: readonly QuietCase[] = [
  [
    '添付がないという断り',
    {
      to: [sato],
      text: '佐藤様\n\nお世話になっております。\n今回は添付ファイルはございません。添付なしで失礼いたします。',
    },
  ],
  [
    'まだ添付していない資料',
    { to: [sato], text: '図面は容量が大きいため添付しておりません。後日郵送いたします。' },
  ],
  [
    '先方の添付へのお礼',
    {
      to: [sato],
      text: '佐藤様\n\nお世話になっております。\n添付の資料、拝見いたしました。ありがとうございました。\n添付いただいた見積書につきましても確認いたしました。',
    },
  ],
  [
    '添付のお願い',
    {
      to: [suzuki],
      text: '鈴木さん\n\nお手数ですが、ご返信の際に領収書を添付してください。写真も添付をお願いいたします。',
    },
  ],
  [
    '資料のお願い',
    {
      to: [suzuki],
      text: '恐れ入りますが、会社案内の資料をお送りいただけますでしょうか。\n見積書もお送りください。',
    },
  ],
  [
    '後で送る資料',
    { to: [sato], text: '資料は来週お送りいたします。詳細が決まりましたら、改めて資料をお送りします。' },
  ],
  ['郵送した書類', { to: [sato], text: '契約書を本日郵送いたしました。返信用封筒を同封しております。' }],
  [
    '先日送った資料',
    {
      to: [sato],
      text: '先日お送りした資料の件でご連絡いたしました。先週ファイルをお送りしましたが、ご覧いただけましたでしょうか。',
    },
  ],
  [
    '先方の添付漏れ',
    {
      to: [suzuki],
      text: '鈴木様\n\nメールにファイルが添付されていないようです。添付漏れかと存じますので、再送をお願いできますでしょうか。',
    },
  ],
  [
    '開けない添付',
    { to: [suzuki], text: '添付ファイルが開けませんでした。別の形式でいただけると助かります。' },
  ],
  [
    '薬の添付文書',
    { to: [suzuki], text: '添付文書の記載に従って保管してください。申請には添付書類が必要です。' },
  ],
  [
    'リンクで送るファイル',
    {
      to: [sato],
      text: 'ファイルをお送りします。\n\nhttps://files.aozora.example/d/abc\n\n期限は一週間です。',
    },
  ],
  [
    '引用の中の添付',
    {
      to: [sato],
      text: '承知いたしました。\n\n2026年11月23日(月) 10:12 佐藤 健二 <kenji.sato@sato-kogyo.example>:\n> 見積書を添付いたします。\n> ○○様分も含みます。',
    },
  ],
  [
    '署名の中の添付',
    {
      to: [sato],
      text: '承知いたしました。\n\n━━━━━━━━━━━━━\n青空株式会社　田中由紀\n添付ファイルは暗号化して送付しております。\nTEL 03-0000-0000\n━━━━━━━━━━━━━',
    },
  ],
  [
    '添付してある見積書',
    { to: [sato], text: '佐藤様\n\n見積書を添付いたしますので、ご査収ください。', ...files },
  ],
  [
    '取引先への挨拶',
    {
      to: [sato],
      text: '佐藤工業株式会社\n営業部長　佐藤 健二 様\n\nいつも大変お世話になっております。青空の田中です。',
    },
  ],
  [
    '旧字の名前',
    { to: [person('齋藤 恵子', 'old.friend@gmail.com')], text: '斎藤様\n\nご無沙汰しております。' },
  ],
  ['読みだけの名前', { to: [person('Kenji Sato', sato.address)], text: '佐藤様\n\nご無沙汰しております。' }],
  ['担当者あて', { to: [nobody], text: '港ホテル\nご予約担当者様\n\n初めてご連絡いたします。' }],
  ['皆様', { to: [sato, suzuki], text: '各位\n\n皆様、お疲れさまです。日程が決まりました。' }],
  ['Cc の名前', { to: [sato], cc: [suzuki], text: '佐藤様\n（Cc：鈴木様）\n\nお世話になっております。' }],
  [
    '本文の中の名前',
    {
      to: [sato],
      text: '佐藤様\n\nお世話になっております。\n昨日、高橋様にお会いしました。\n高橋様、とても喜んでおられました。',
    },
  ],
  [
    '給与の表',
    {
      to: [suzuki],
      text: '評価は次のとおりです。\n品質　◎\n納期　○○△×\n二〇〇〇年と二〇〇号室、伏せ字は「○○」とします。',
    },
  ],
  [
    '見出しのかぎ',
    {
      to: [suzuki],
      text: '鈴木様\n\n下記のとおりご案内いたします。\n【日時】11月24日 14時\n【場所】本社会議室\n【氏名】ご記入ください\n【金額】3,000円',
    },
  ],
  ['御中', { to: [nobody], text: '港ホテル御中\n\n二部屋の予約をお願いいたします。' }],
  [
    '添付を忘れないでという頼み',
    { to: [suzuki], text: '申請書の添付を忘れないようにしてください。添付する場合は PDF でお願いします。' },
  ],
]

/** What is attached every day, in both languages. */
const everyday: readonly QuietCase[] = [
  [
    'documents',
    { files: ['offer.pdf', 'contract.docx', 'plan.xlsx', 'slides.pptx', 'notes.odt', 'list.csv'] },
  ],
  ['pictures', { files: ['IMG_0042.JPG', 'scan.png', 'photo.heic', 'logo.svg', 'animation.gif'] }],
  ['archives', { files: ['photos.zip', 'source.tar.gz', 'backup.7z', 'todoke-1.0.0.tgz'] }],
  ['a page, a mail and a date', { files: ['article.html', 'Re: plan.eml', 'meeting.ics', 'haruka.vcf'] }],
  ['names with many dots', { files: ['report.final.v2.pdf', 'exe.pdf', 'setup.exe.txt', 'Mr. Brown.docx'] }],
  ['names without an ending', { files: ['README', 'Makefile', '.profile', 'exe', 'js'] }],
  ['a list of addresses of the net', { files: ['www.example.com の画面.png', 'run.exe の手順.pdf'] }],
  ['日本語の名前', { files: ['見積書.pdf', '議事録（最終）.docx', '給与計算.xlsx', '写真一式.zip'] }],
  ['アラビア語の名前', { files: ['\u200fتقرير 2026\u200e.pdf', '\u2067عقد\u2069.docx'] }],
  ['反転文字のある文書', { files: ['exe.\u202efdp.pdf'] }],
  ['印刷所への入稿', { files: ['表紙.ai', '本文.indd', '写真.psd', '校正.tif'] }],
  ['図面', { files: ['平面図.dwg', '立面図.dxf', '模型.stl'] }],
]

export const quietCases: readonly QuietCase[] = [...english, ...japanese, ...everyday]
