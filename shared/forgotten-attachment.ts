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

/** `hasLink`: one stands in it or right after it; `isOfPost`: it goes in an envelope. */
type Sentence = { text: string; hasLink: boolean; isOfPost: boolean }

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
    const isOfPost = BY_POST.test(`${before}\n${line}`)
    // English lines are broken by the width of a window: the neighbours complete the sentence.
    const whole = isLatin ? [tailOf(before), line, headOf(after)].join(' ') : line + japaneseTail(line, after)
    for (const text of whole.split(/(?<=[.!?])\s+|[。！？]/))
      if (MENTIONS.test(text)) found.push({ text, hasLink, isOfPost })
  }
  return found
}

const tailOf = (line: string) => (/[.!?:,]\s*$/.test(line.slice(-4)) ? '' : line.slice(-80))
const headOf = (line: string) => line.slice(0, 80)
const japaneseTail = (line: string, after: string) =>
  /[。！？：:、]\s*$/.test(line.slice(-3)) ? '' : after.slice(0, 40)

// ---------------------------------------------------------------- English

const THING =
  '(?:file|document|invoice|quote|quotation|estimate|offer|proposal|contract|agreement|report|spreadsheet|photo|picture|image|screenshot|scan|slide|slide deck|presentation|draft|copy|cv|r[ée]sum[ée]|cover letter|letter|agenda|minutes|schedule|list|form|pdf|plan|drawing|log|receipt|statement|brochure|certificate|version|summary|table|sheet|map|itinerary|ticket|order|data|nda|paper|manuscript|details|brief)s?'

/** What a writer says of no file but of one that comes along. */
const WE_ATTACH: readonly RegExp[] = [
  /\b(?:i|we)(?:['’]ve| have)?(?: just| now| also| hereby)? (?:attached|enclosed|attach|enclose)\b/i,
  /\b(?:i['’]m|i am|we['’]re|we are)(?: just| now| also| hereby)? (?:attaching|enclosing)\b/i,
  /\b(?:is|are) (?:now |also )?(?:attached|enclosed)\b(?= to (?:this|the) (?:e-?mail|message)| with this| (?:below|herewith|here|as|for|in|and)\b|\s*[.,;:!)]|\s*$)/i,
]
/** The same, if it is not said of the reader's file. */
const SEE_ATTACHED: readonly RegExp[] = [
  /\bplease (?:find|see)\b(?! out| if| whether)[^.!?]{0,60}?\b(?:attached|enclosed|attachments?)\b/i,
  /\b(?:attached|enclosed) (?:please find|you(?:['’]ll| will) find|herewith)\b/i,
  /\b(?:find|see)(?: the| my| our)? (?:attached|enclosed|attachments?)\b/i,
  /\b(?:attached|enclosed)(?: to this (?:e-?mail|message))? (?:is|are)\b(?! (?:to|by)\b)/i,
]
/** Said as well of a file that came with the answered mail. */
const LIKELY: readonly RegExp[] = [
  new RegExp(`\\b(?:the|these|my|our) (?:attached|enclosed) (?:[\\w-]+ ){0,3}${THING}\\b`, 'i'),
  new RegExp(`\\b${THING} (?:attached|enclosed)\\s*(?:[.,;:!)]|$)`, 'i'),
  /\b(?:review|check|sign|read|use|fill in|fill out|complete|confirm|approve|consider|note|return|look at|refer to) (?:the|my|our) (?:attached|enclosed)\b/i,
  /\bhere(?:['’]s| is| are) (?:the|my|our) (?:attach|enclos)\w*/i,
  /\bin the (?:attachments?|attached|enclosed)\b/i,
  /\b(?:is|are|here|included?|sent|sends?|sending|find|comes?)\b[^.!?]{0,40}?\bas (?:an attachment|attachments)\b/i,
  /\(\s*(?:see )?attached\s*\)/i,
  /^\s*(?:attached|enclosed)(?=,? (?:is|are|please|you|the|my|our|an?|for|find|herewith|here|below|also)\b|\s*:)/i,
  /\bthe attachments? (?:contains?|shows?|has|have|includes?|explains?|describes?|lists?)\b/i,
]
const NOT_TO_THIS_MAIL = '(?!this |(?:the |my )?(?:e-?)?mail\\b|(?:the |my )?message\\b)'
/** No file, a file before or after, or no file at all but a thing fixed to another. */
const NEVER: readonly RegExp[] = [
  /\b(?:no|without|any|another) (?:\w+ )?(?:attachments?|enclosures?)\b/i,
  /\b(?:not|never|cannot)\b[^.!?,;]{0,30}\b(?:attach|enclos)|n['’]t\b[^.!?,;]{0,30}\b(?:attach|enclos)/i,
  /\b(?:attach\w*|enclos\w*)[^.!?,;]{0,20}\b(?:missing|not\b|was(?:n['’]t)?\b|were\b|could(?:n['’]t)?\b|cannot|can['’]t|failed|got lost|seems?|did(?:n['’]t)?\b)/i,
  /\b(?:can|could|would|will|did|do|should|must|may|shall) (?:you|i|we)\b[^.!?]{0,40}\b(?:attach|enclose)\b/i,
  /\b(?:please|kindly|remember to|be sure to|make sure to|don['’]t forget to|how to|need to|needs to|have to|has to|must|should|can|could|able to|want to|want me to|tried to|trying to|try to|asked? (?:\w+ )?to|if (?:you|i|we)) (?:also )?(?:attach|enclose)\b/i,
  /\b(?:will|['’]ll|going to|shall|would) (?:\w+ )?(?:attach|enclose)\b[^.!?]{0,60}\b(?:later|tomorrow|soon|once|when|after|next|as soon|monday|tuesday|wednesday|thursday|friday)\b/i,
  /\b(?:attach\w*|enclos\w*)\b[^.!?()]{0,40}\b(?:yesterday|last (?:week|month|year|time|night|monday|tuesday|wednesday|thursday|friday)|already|earlier|previously|days? ago|weeks? ago|at the time)\b/i,
  /\b(?:yesterday|last (?:week|month|year|time)|already|earlier|previously|previous)\b[^.!?,;]{0,40}\b(?:attach|enclos)/i,
  /\bas (?:an attachment|attachments)\b[^.!?]{0,30}\b(?:later|tomorrow|soon|once|when|after|or)\b|\b(?:should|shall|can|could|would|may) (?:i|we|you) send\b/i,
  /\battachment (?:theory|style|issues?|size|limit|parenting|disorder|rate|point|policy|feature|button|icon|names?)\b/i,
  /\b(?:emotionally|personally|deeply|firmly|securely|physically|strongly|loosely) attached\b|\bstrings attached\b|\battached garage\b/i,
  /\battach(?:ed)? (?:\w+ ){0,2}(?:importance|value|weight|significance|conditions)\b/i,
  new RegExp(`\\battached (?:to|onto|with) ${NOT_TO_THIS_MAIL}`, 'i'),
  new RegExp(
    `\\battach(?:ed|ing)? (?:[\\w-]+ ){1,4}to (?:the|a|an|our|his|her|their|your|my) ${NOT_TO_THIS_MAIL}`,
    'i',
  ),
  /\bno longer (?:attached|enclosed)|\b(?:to|by) attaching\b|\b(?:he|she|they|who|it|which|customer|client|someone|nobody) (?:has |have |had |also )?(?:attached|enclosed)\b/i,
  /\bunder separate cover\b|\bby (?:post|courier|mail)\b|\benclosed (?:by|space|area|garden|room|yard|patio|terrace|stamped|envelope)\b/i,
]
/** The reader's file. */
const THEIRS: readonly RegExp[] = [
  /\byou(?:['’]ve| have| had)? (?:just |already |kindly )?(?:sent|attached|enclosed|forwarded|shared|provided|mailed|e-?mailed|forgot|included)\b/i,
  /\byour (?:\w+ ){0,2}(?:attach|enclos)|\byour (?:last |previous |earlier )?(?:e-?mail|message)\b/i,
  /\bthank(?:s| you)\b[^.!?]{0,40}\b(?:attach|enclos)|\b(?:did|have|had) you\b/i,
  /\b(?:open|opened|opening|read|received|receive|got|download|downloaded|view|check|checked|reviewed|reviewing|signed|approved|printed) (?:the|both|all)(?: \w+)? attach/i,
]

function englishPromise({ text }: Sentence, isAboutTheirs: boolean): string | null {
  if (!/attach|enclos/i.test(text)) return null
  // What is forgotten is in the mail now: the sentence of an apology is a promise, whatever else it says.
  const forgot = /\b(?:i|we) (?:\w+ )?forgot (?:to (?:attach|enclose)\b|(?:the|my|our) attachment)/i
  const apology = firstMatch(text, [forgot])
  if (apology !== null) return apology
  if (NEVER.some(pattern => pattern.test(text))) return null
  const ours = firstMatch(text, WE_ATTACH)
  if (ours !== null || THEIRS.some(pattern => pattern.test(text))) return ours
  return firstMatch(text, isAboutTheirs ? SEE_ATTACHED : [...SEE_ATTACHED, ...LIKELY])
}

function firstMatch(text: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)
    if (found !== null) return found[0].trim().replace(/[.,;:!)]+$/, '')
  }
  return null
}

// --------------------------------------------------------------- Japanese

const DOES =
  '(?:します|いたします|致します|しました|いたしました|致しました|しております|いたしております|しています|しておきます|申し上げます|させていただきます|させていただきました|させて頂きます|ます)'
const SENDS = `(?:(?:お送り|ご送付|送付|再送|再送付)${DOES}|送ります|送らせて(?:いただきます|頂きます)|送ります)`
const PAPER =
  '(?:資料|ファイル|データ|書類|見積書?|見積り|請求書|納品書|契約書|報告書|議事録|写真|画像|図面|企画書|提案書|履歴書|職務経歴書|原稿|カタログ|一覧|リスト|スライド)'
const LOOK = '(?:ご確認|ご査収|ご覧|ご参照|ご一読|お目通し|ご検討|お受け取り|参照|のとおり|の通り)'

/** "We attach": nobody says so of another file. */
const ATTACHES =
  /(?:添付|同封)を?(?:(?:いたし|致し|し|させていただき|させて頂き)(?:ます|ました|まして)(?!か)|(?:いたし|致し|し)て(?:おり|い|おき|あり)ま(?:す|し)|(?:いたし|致し|し)て(?:お?送(?:ります|りました|りいたします|付いたします|付します)?|ご送付)|(?:して)?送(?:ります|付|信)|(?:にて|で)(?:お送り|送|ご送付|失礼)|した(?=[よ。ので]|$)|しとき)/
const SEES: readonly RegExp[] = [
  new RegExp(`(?:添付|別添|別紙)(?:資料|ファイル|書類)?(?:を|の|に|にて|、)?${LOOK}`),
  /^\s*[（(]?添付[：:]/,
]
/** Said as well of what came with the answered mail. */
const LIKELY_JAPANESE: readonly RegExp[] = [
  new RegExp(
    `(?:添付|(?<![のる])別添|(?<![のる])別紙)(?:の|した|ファイル|資料|書類|に)[^、]{0,20}?(?:${LOOK}|記載|まとめ)`,
  ),
]
const SENT = new RegExp(
  `${PAPER}[^、。]{0,8}?(?:を|も)[^、。]{0,8}?${SENDS}|ファイルを[^、。]{0,8}?送信${DOES}`,
)

/** Before the promise: a time that is not now, or somebody else who sends. */
const NOT_NOW =
  /後ほど|のちほど|後日|追って|明日|明後日|来週|来月|次第|ましたら|たら、|できたら|れば|週明け|月末|中に|までに|以内|午後|夕方|予定|別途|先日|昨日|先週|先月|以前|前回|既に|すでに|過去に|先ほどお送り|毎月|毎週|毎日|毎回|いつも|定期/
const BY_POST =
  /郵送|郵便|宅配|宅急便|書留|速達|投函|封筒|切手|レターパック|FAX|ＦＡＸ|ファックス|バイク便|別便|別送|紙で|発送|商品/i
/** After it: what only looked like a promise. */
const NOT_MEANT =
  /^(?:いただ|頂|くださ|下さ|ところ|と、|という|、?との(?:こと|連絡|話)|、?と[^。]{0,12}(?:申し|言って|聞い)|か(?:[。？?]|$)|(?:る)?(?:場合|際|とき|時|方法))/
/** Their file, a request, a rule, or none. */
const NOT_OURS_JAPANESE: readonly RegExp[] = [
  /(?:添付|同封)(?:ファイル|資料|書類)?(?:は|が|も|の方は)?(?:なし|無し|ナシ|ございません|ありません|ない|無い|不要|不可|必要|必須|できません|できない|できず|されて(?:い|お)|見当たら|見つから|漏れ|もれ|開け|開か|開き|届い|拝)/,
  /(?:添付|同封|送付|お送り|送信)(?:を|して)?(?:いただ|頂|くださ|下さ|願|お願い|もら|ほし|欲し)|(?:添付|同封)(?:して|の(?:うえ|上))[^。]{0,14}(?:返信|返送|提出|申請)|ご(?:添付|同封|送付)(?:いただ|頂|くださ|下さ|の)/,
  /拝受|拝見|受領|受け取り|頂戴|ありがとう|開けません|開けない|開きました|確認(?:いた|致)?しました|確認させて|(?<!せて)(?:いただき|頂き)ました/,
  /添付文書|添付可能|添付できる|添付する|添付機能|添付ボタン|添付ファイル(?:の(?:容量|サイズ|上限|開き方|件|パスワード)|名|付き|機能|は)|サイト|ホームページ/,
]

function japanesePromise({ text, hasLink, isOfPost }: Sentence, isAboutTheirs: boolean): string | null {
  if (!/添付|同封|別添|別紙|送/.test(text)) return null
  const forgot = firstMatch(text, [
    /(?:添付|同封)(?:を|し)?(?:忘れ|漏れ|もれ)(?:て)?(?:おり|い|しまい)?(?:まし|ましたので|たため|たので)/,
  ])
  if (forgot !== null) return /よう|でしょう|ませんか|お忘れ/.test(text) ? null : forgot
  const attaches = promiseOf(ATTACHES, text, isOfPost)
  if (attaches !== null) return attaches
  if (NOT_OURS_JAPANESE.some(pattern => pattern.test(text))) return null
  const sees = firstMatch(text, isAboutTheirs ? SEES : [...SEES, ...LIKELY_JAPANESE])
  if (sees !== null) return sees
  // "I send you the document" may be a link as well.
  return hasLink ? null : promiseOf(SENT, text, isOfPost)
}

/** The promise, if it is of now and goes by mail. */
function promiseOf(pattern: RegExp, text: string, isOfPost: boolean): string | null {
  const found = pattern.exec(text)
  if (found === null) return null
  const end = found.index + found[0].length
  if (isOfPost && !found[0].includes('添付')) return null
  const isNow = !NOT_NOW.test(text.slice(Math.max(0, found.index - 40), end))
  return isNow && !NOT_MEANT.test(text.slice(end)) ? found[0] : null
}
