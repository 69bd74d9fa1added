/**
 * Whether a mail says that a file comes with it, in English or Japanese: sentence by sentence, as "attached" is said of
 * many things. Refuses what is said of the reader's file, of later, of the post, or of none.
 */

/** The very words that promise a file, or null. `isAboutTheirs`: the answered mail brought files itself. */
export function promisedAttachment(lines: readonly string[], isAboutTheirs: boolean): string | null {
  for (const sentence of sentencesOf(lines)) {
    const words = japanesePromise(sentence, isAboutTheirs) ?? englishPromise(sentence, isAboutTheirs)
    if (words !== null) return words.trim()
  }
  return null
}

const MENTIONS = /attach|enclos|添付|同封|別添|別紙|送/i

type Sentence = { text: string /** A link stands in it or right after it. */; hasLink: boolean }

/** Sentences that could matter; a paragraph is read as one, however its lines are broken. */
function sentencesOf(lines: readonly string[]): Sentence[] {
  const found: Sentence[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string
    if (!MENTIONS.test(line)) continue
    const isLatin = !/[\u3040-\u30ff\u4e00-\u9fff]/.test(line)
    const before = lines[index - 1] ?? ''
    const after = lines[index + 1] ?? ''
    const near = `${line}\n${after}\n${lines[index + 2] ?? ''}\n${lines[index + 3] ?? ''}`
    const hasLink = /https?:\/\//.test(near)
    // English lines are broken by the width of a window: the neighbours complete the sentence.
    const whole = isLatin ? [tailOf(before), line, headOf(after)].join(' ') : line + japaneseTail(line, after)
    for (const text of whole.split(/(?<=[.!?])\s+|[。！？]/))
      if (MENTIONS.test(text)) found.push({ text, hasLink })
  }
  return found
}

const tailOf = (line: string) => (/[.!?:,]\s*$/.test(line.slice(-4)) ? '' : line.slice(-80))
const headOf = (line: string) => line.slice(0, 80)
const japaneseTail = (line: string, after: string) =>
  /[。！？：:、]\s*$/.test(line.slice(-3)) ? '' : after.slice(0, 40)

// ---------------------------------------------------------------- English

const THING =
  '(?:file|document|invoice|quote|quotation|estimate|offer|proposal|contract|agreement|report|spreadsheet|photo|picture|image|screenshot|scan|slide|deck|presentation|draft|copy|cv|r[ée]sum[ée]|cover letter|letter|agenda|minutes|schedule|list|form|pdf|plan|drawing|log|receipt|statement|brochure|certificate|version|summary|table|sheet|map|itinerary|ticket|order|data|nda|paper|manuscript|details|brief)s?'

/** Nobody says these of anything but a file that comes along. */
const CLEAR_ENGLISH: readonly RegExp[] = [
  /\b(?:i|we)(?:['’](?:ve|m|re)| have| am| are)?(?: just| now| also| already| hereby)? (?:attached|enclosed|attach|enclose|attaching|enclosing)\b(?! to (?!this|the (?:e-?)?mail|my (?:e-?)?mail|the message))/i,
  /\bplease (?:find|see)\b[^.!?]{0,60}?\b(?:attached|enclosed|attachments?)\b/i,
  /\b(?:attached|enclosed) (?:please find|you(?:['’]ll| will) find|herewith|hereto)\b/i,
  /\b(?:is|are) (?:now |also )?(?:attached|enclosed)\b(?= to (?:this|the) (?:e-?mail|message)| (?:below|herewith|here|as|for|in|with|and)\b|\s*[.,;:!)]|\s*$)/i,
  /\b(?:find|see)(?: the| my| our)? (?:attached|enclosed|attachments?)\b/i,
  /\b(?:attached|enclosed)(?: to this (?:e-?mail|message))? (?:is|are)\b(?! (?:to|by)\b)/i,
  /\b(?:i )?forgot (?:to (?:attach|enclose)|the attachment|to add the attachment)/i,
]
/** Said of one's own file as of one that came. */
const LIKELY_ENGLISH: readonly RegExp[] = [
  new RegExp(`\\b(?:the|these|my|our) (?:attached|enclosed) (?:[\\w-]+ ){0,3}${THING}\\b`, 'i'),
  new RegExp(`\\b${THING} (?:attached|enclosed)\\s*(?:[.,;:!)]|$)`, 'i'),
  /\bin the (?:attachments?|attached|enclosed)\b/i,
  /\bas an? attachment\b|\bas attachments\b/i,
  /\(\s*(?:see )?attached\s*\)/i,
  /^\s*(?:attached|enclosed)\b(?! to\b)/i,
  /\bthe attachments? (?:contains?|shows?|has|have|includes?|explains?|describes?|lists?)\b/i,
]
/** Their file, no file, a file later, or no file at all but a thing fixed to another. */
const NOT_OURS_ENGLISH: readonly RegExp[] = [
  /\byou(?:['’]ve| have| had)? (?:just |already |kindly )?(?:sent|attached|enclosed|forwarded|shared|provided|mailed|e-?mailed|forgot|included)\b/i,
  /\byour (?:\w+ ){0,2}(?:attach|enclos)|\byour (?:last |previous |earlier )?(?:e-?mail|message)\b/i,
  /\bthank(?:s| you)\b[^.!?]{0,40}\b(?:attach|enclos)/i,
  /\b(?:no|without|any|another) (?:\w+ )?(?:attachments?|enclosures?)\b/i,
  /\b(?:not|never|cannot)\b[^.!?]{0,30}\b(?:attach|enclos)|n['’]t\b[^.!?]{0,30}\b(?:attach|enclos)/i,
  /\b(?:attach\w*|enclos\w*)[^.!?]{0,20}\b(?:missing|not\b|was(?:n['’]t)?\b|were\b|could(?:n['’]t)?\b|cannot|can['’]t|failed|got lost|seems?|did(?:n['’]t)?\b)/i,
  /\b(?:can|could|would|will|did|do|should|must|may) you\b[^.!?]{0,40}\b(?:attach|enclose)\b/i,
  /\b(?:please|kindly|remember to|be sure to|make sure to|don['’]t forget to|how to|need to|needs to|have to|has to|must|should|able to|want to|tried to|trying to|try to|asked? (?:\w+ )?to|if you) (?:also )?(?:attach|enclose)\b/i,
  /\b(?:will|['’]ll|going to|shall|would) (?:\w+ )?(?:attach|enclose)\b[^.!?]{0,60}\b(?:later|tomorrow|soon|once|when|after|next|as soon|monday|tuesday|wednesday|thursday|friday)\b/i,
  /\battachment (?:theory|style|issues?|size|limit|parenting|disorder|rate|point|policy|feature|button|icon|names?)\b/i,
  /\b(?:emotionally|personally|deeply|firmly|securely|physically|strongly|loosely) attached\b|\bstrings attached\b|\battached garage\b/i,
  /\battached (?:to|onto|with) (?!this (?:e-?)?mail|this message|the (?:e-?)?mail\b|the message|my (?:e-?)?mail)/i,
  /\bno longer (?:attached|enclosed)|\b(?:to|by) attaching\b|\b(?:he|she|they|who|it|which|customer|client|someone|nobody) (?:has |have |had |also )?(?:attached|enclosed)\b/i,
  /\bunder separate cover\b|\bby (?:post|courier|mail)\b|\benclosed (?:space|area|garden|room|yard|patio|terrace|stamped|envelope)\b/i,
  /\b(?:open|opened|opening|read|received|receive|got|download|downloaded|view|check|checked|reviewed|reviewing|signed|approved) (?:the|both|all)(?: \w+)? attach/i,
]

function englishPromise({ text }: Sentence, isAboutTheirs: boolean): string | null {
  if (!/attach|enclos/i.test(text)) return null
  // What is forgotten is in the mail now: the sentence of an apology is a promise, whatever else it says.
  const forgot = /\b(?:i|we) (?:\w+ )?forgot (?:to (?:attach|enclose)\b|(?:the|my|our) attachment)/i.exec(
    text,
  )
  if (forgot !== null) return forgot[0]
  if (NOT_OURS_ENGLISH.some(pattern => pattern.test(text))) return null
  return firstMatch(text, isAboutTheirs ? CLEAR_ENGLISH : [...CLEAR_ENGLISH, ...LIKELY_ENGLISH])
}

function firstMatch(text: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)
    if (found !== null) return found[0].trim().replace(/[.,;:!)]+$/, '')
  }
  return null
}

// --------------------------------------------------------------- Japanese

const SENDS = '(?:お送り|ご送付|送付|送信|送ら?せて|送り)'
const DOES =
  '(?:ます|ました|いたします|致します|いたしました|致しました|いたしております|しております|しています|しておきます|申し上げます|させていただきます|させて頂きます|いただきます|頂きます)'
const PAPER =
  '(?:資料|ファイル|データ|書類|見積書?|請求書|納品書|契約書|報告書|議事録|写真|画像|図面|企画書|提案書|履歴書|職務経歴書|原稿|カタログ|一覧|リスト|スライド)'

const CLEAR_JAPANESE: readonly RegExp[] = [
  new RegExp(`(?:添付|同封)(?:を)?(?:し|いた|致|して|させ)?[^、]{0,6}?${DOES}`),
  /(?:添付|同封)(?:いたし|致し|し)(?:て|た(?:もの|ので)|まし|ます|、)/,
  /(?:添付|同封)(?:にて|で)(?:お送り|送|ご送付|失礼)/,
  /(?:添付|別添|別紙)(?:の通り|のとおり|にて|をご|ご参照|ご確認|ご覧)/,
]
const LIKELY_JAPANESE: readonly RegExp[] = [
  /添付の[^、]{1,20}?(?:を|に|も|について)?[^、]{0,10}?(?:ご確認|ご査収|ご覧|ご参照|ご一読|お目通し|ご検討|お受け取り|参照|確認)/,
  /添付(?:ファイル|資料|書類|の資料|のファイル)(?:を|に|にて|の通り|のとおり|、)?[^、]{0,12}?(?:ご確認|ご査収|ご覧|ご参照|ご一読|記載|まとめ|お送り|参照|確認)/,
  /(?:別添|別紙)(?:の|に|を|資料|ファイル|\d|「)/,
  /^\s*[（(]?添付[：:]/,
]
const SENT_JAPANESE = new RegExp(
  `${PAPER}[^、。]{0,8}?(?:を|も)(?:[^、。]{0,8}?)${SENDS}(?:し|いたし|致し)?${DOES}`,
)

/** Their file, no file, a request, a rule, or what is past or to come. */
const NOT_OURS_JAPANESE: readonly RegExp[] = [
  /(?:添付|同封|別添|別紙)(?:ファイル|資料|書類)?(?:は|が|も|の方は)?(?:なし|無し|ナシ|ございません|ありません|ない|無い|不要|不可|必要|必須|できません|できない|できず|されて(?:い|お)|見当たら|見つから|漏れ|もれ|開け|開か|開き|届い|拝)/,
  /(?:添付|同封)(?:は|を|も)?(?:して|いたして|致して)?(?:い|おり)?(?:ません|ない|ませんでした|できません)/,
  /(?:添付|同封|送付|お送り|送って|送信)(?:を|して|いただ|頂|下さ|くださ|願|の(?:うえ|上)|ください|をお願い)(?:いただ|頂|くださ|下さ|願|お願い|もら|ほし|欲し|け|い|さい|い?ます(?:よう|か)|[^、。]{0,14}(?:ください|下さい|くださ|願い|申請|返信|返送|提出|お願い|いただけ|頂け|ほしい|欲しい))/,
  /(?:ご添付|ご同封|ご送付|お送り)(?:いただ|頂|くださ|下さ|になっ|の)/,
  /(?:添付|同封)(?:漏れ|もれ|忘れ)(?:の|では|でしょう|かと|が|防止|に|は)|添付(?:を)?(?:お忘れ|忘れて(?:い|お)?(?:ない|られ|ませんか))/,
  /(?:拝受|拝見|受領|受け取りました|いただきました|頂きました|頂戴|ありがとう|開けません|開けない|開きました|確認(?:いた|致)?しました|確認させていただきました)/,
  /(?:郵送|郵便|宅配|宅急便|書留|速達|投函|封筒|切手|レターパック|FAX|ＦＡＸ|ファックス|バイク便|別便|別送)/i,
  /(?:後ほど|のちほど|後日|追って|明日|明後日|来週|次第|ましたら|できたら|出来たら|したら|れば|週明け|月末|今週中|改めて(?:別途)?(?=[^。]{0,10}予定)|予定です|別途)/,
  /(?:先日|昨日|先週|先月|以前|前回|既に|すでに|過去に)/,
  /(?:添付文書|添付可能|添付できる|添付する(?:方法|場合|際|こと|と|ファイル)|添付機能|添付ボタン|添付ファイル(?:の(?:容量|サイズ|上限|開き方|件)|名|付き|機能|はウ))/,
  /(?:する|される|した|して(?:も|は))(?:場合|際|とき|時|方)|送(?:りました|った)(?:[^。]{0,8})(?:でしょうか|ですか|件|はず)|お送りした|送付した|お送りしている|送ってい/,
]

function japanesePromise({ text, hasLink }: Sentence, isAboutTheirs: boolean): string | null {
  if (!/添付|同封|別添|別紙|送/.test(text)) return null
  const forgot =
    /(?:添付|同封)(?:を|し)?(?:忘れ|漏れ|もれ)(?:て)?(?:おり|い)?(?:まし|てしまいまし|ましたので|たため|たので)/.exec(
      text,
    )
  if (forgot !== null && !/(?:よう|でしょう|ませんか|お忘れ)/.test(text)) return forgot[0]
  if (NOT_OURS_JAPANESE.some(pattern => pattern.test(text))) return null
  const clear = firstMatch(text, isAboutTheirs ? CLEAR_JAPANESE : [...CLEAR_JAPANESE, ...LIKELY_JAPANESE])
  if (clear !== null) return clear
  // "I send you the document" may be a link as well.
  return hasLink ? null : (SENT_JAPANESE.exec(text)?.[0] ?? null)
}
