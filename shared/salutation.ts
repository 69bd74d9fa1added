/**
 * Whom a mail greets, and whether that is somebody it goes to: ○○様, ○○さん, "Dear X", "Hello X and Y". Pure. Refuses to
 * judge where names cannot be compared: a group, an address without a name, kanji against Latin letters.
 */

import { ALL_READINGS, foldedKanji, READINGS } from './kanji-names.ts'
import { foldedWords, isGiven, isSameLatin, mayBeShort } from './latin-names.ts'
import type { Address } from './model.ts'

/** The greeted name that is nobody's of the recipients, as it is written; null where all is well or nothing is known. */
export function strangerGreeted(lines: readonly string[], recipients: readonly Address[]): string | null {
  if (recipients.length === 0) return null
  const written = lines.filter(line => line.trim() !== '').slice(0, LINES_OF_GREETING)
  let hasGreeted = false
  for (const line of written) {
    if (line.length > LONGEST_GREETING) return null
    const names = japaneseNames(line)
    // 佐藤様, and under it 鈴木様; whoever comes after the first sentence is spoken of.
    if (names.length === 0 && (hasGreeted || SENTENCE_END.test(line))) return null
    hasGreeted ||= names.length > 0
    const stranger = names.find(name => !mayBeAmong(recipients, person => isKanjiNameOf(name, person)))
    if (stranger !== undefined) return stranger
    if (names.length === 0 && isLatinGreeting(line)) {
      return (
        latinNames(line).find(name => !mayBeAmong(recipients, person => isLatinNameOf(name, person))) ?? null
      )
    }
  }
  return null
}

const SENTENCE_END = /(?:[。！？]|です|ます|ました|ません)\s*$/

const LINES_OF_GREETING = 5
const LONGEST_GREETING = 120

/** Null is "cannot be told"; one such recipient may be the one who is greeted. */
type Verdict = boolean | null

function mayBeAmong(people: readonly Address[], isNameOf: (person: Address) => Verdict): boolean {
  return people.some(person => isNameOf(person) !== false)
}

// ---------------------------------------------------------------- English

const GREETING = /^\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|morning)\s+(.+)$/i
const SAN =
  /^\s*((?:(?:mr|mrs|ms|dr)\.? )?\p{Lu}[\p{L}'’]+(?:[ -]\p{Lu}[\p{L}'’]+)?)[- ](?:san|sama|sensei|kun)\b/u
const TITLE = /^(?:mr|mrs|ms|mx|miss|dr|prof|professor|herr|frau|sir|dame|rev|fr|m|mme|señor|señora)\.?\s+/i
const SUFFIX = /[- ]?(?:san|sama|sensei|kun|jr\.?|sr\.?|ph\.?d\.?)$/i
const GROUP = new Set(
  (
    'all everyone everybody team folks friends friend colleague colleagues guys gang both there again sir sirs madam mesdames ladies ' +
    'gentlemen customer customers client clients member members reader readers subscriber subscribers student students parent parents ' +
    'partner partners neighbours neighbors committee board staff support sales hr admin administrator hiring manager recruiter ' +
    'recruiting department office editor editors editorial family santa diary world buddy mate love darling honey dad mum mom ' +
    'grandma grandpa doctor professor teacher participants applicant candidate user users developers maintainers valued esteemed ' +
    'fellow crew class group list committee community company secretariat secretary chair chairman reviewer reviewers author authors ' +
    'organisers organizers volunteers attendees guest guests owner owners service desk helpdesk shop store press marketing ' +
    'accounting accounts billing finance legal it happy hope thanks thank just sorry quick long please any boss chef captain coach sensei ' +
    'yes no ok okay sure great from'
  ).split(' '),
)
const ORGANISATION =
  /\b(?:inc|ltd|llc|gmbh|ag|co|corp|corporation|company|university|institute|society|association|school|hotel|bank|press|group|labs?|studios?|team|office|department|support|club|via|café|cafe|restaurant|shop|store|church|choir|foundation|project|newsletter|family|list|service|services|garden|gallery|theatre|theater|museum)\b/i

const isLatinGreeting = (line: string) => SAN.test(line) || GREETING.test(line)

/** The people an English greeting names, in their own words; none where it greets a group or nobody. */
function latinNames(line: string): string[] {
  const rest = SAN.exec(line)?.[1] ?? GREETING.exec(line)?.[1]
  if (rest === undefined) return []
  const ended = rest.replace(/[\s,;:!.–—-]+$/, '')
  const isWhole = ended !== rest || ended.split(/\s+/).length <= 3
  const pieces = ended
    .split(/\s*(?:,|&|\/|;|\+|\band\b|\bor\b|\bet\b|\bund\b)\s*/i)
    .filter(piece => piece !== '')
  const isHonoured = SAN.test(line)
  const names = pieces.map(piece => personOf(piece, isHonoured))
  if (isWhole && names.every(name => name !== null)) return names
  // "Hi Martin, how are you": what stands before the first sign is who is greeted.
  const head = /^([^,;:!.–—]{1,60}?)(?:[,;:!–—]|\s-\s)/.exec(rest)?.[1]
  if (head === undefined) return []
  const heads = head.split(/\s*(?:&|\/|\+|\band\b|\bor\b)\s*/i).map(piece => personOf(piece, isHonoured))
  return heads.every(name => name !== null) ? heads : []
}

/**
 * A name of one to four capitalised words, its title off; null for a group, a firm or a sentence. Without a title it
 * has to be a first name that we know: "Dear Tenant" greets no stranger.
 */
function personOf(piece: string, isHonoured: boolean): string | null {
  const whole = piece.trim()
  const bare = whole.replace(TITLE, '').replace(TITLE, '').replace(SUFFIX, '')
  const words = bare.split(/\s+/)
  if (bare === '' || words.length > 4 || ORGANISATION.test(bare) || /^x{2,}$/i.test(bare)) return null
  const isName = words.every(
    word =>
      /^(?:\p{Lu}[\p{L}\p{M}'’.-]*|v[ao]n|de[rnl]?|d[aiu]|la|le|bin|al)$/u.test(word) &&
      !GROUP.has(word.toLowerCase()),
  )
  const isKnown = isHonoured || bare !== whole || isGiven(foldedWords(bare))
  return isName && isKnown && /\p{Lu}\p{L}/u.test(bare) ? bare : null
}

const ROLE =
  /^(?:info|sales|support|contact|office|hello|admin|mail|post|team|press|jobs|career|hr|service|help|order|shop|booking|reservation|account|billing|invoice|no-?reply|all|everyone|staff|news|list|member|customer|enquir|inquir|team|desk|dev|web|marketing|recruit|saiyo|soumu|eigyo|keiri|jinji|kouho|toiawase|otoiawase|madoguchi|uketsuke|jimu)/i

function isLatinNameOf(name: string, { name: whole, address }: Address): Verdict {
  const greeted = foldedWords(name)
  const shown = whole.slice(0, LONGEST_NAME)
  const at = Math.max(0, address.lastIndexOf('@'))
  const local = address.slice(0, at).slice(0, LONGEST_NAME)
  const named = /[a-z]/i.test(shown) ? foldedWords(shown) : []
  const mailed = ROLE.test(local) ? [] : foldedWords(local)
  const all = [...named, ...mailed]
  if (greeted.some(word => all.some(other => isSameLatin(word, other)))) return true
  // mweber, kenjisato: the name stands within; "Dear Northwind" is the house.
  const run = `${mailed.join('')} ${foldedWords(address.slice(at, at + LONGEST_NAME)).join('')}`
  if (greeted.some(word => word.length >= 3 && run.includes(word))) return true
  // Only of a person, known by a first name, can be said who it is not.
  const isPerson =
    named.length === 0 ? mailed.length >= 2 && isGiven(mailed) : named.length >= 2 && isGiven(named)
  if (!isPerson || ORGANISATION.test(shown)) return null
  return mayBeShort(greeted, named.length >= 2 ? named : mailed) ? null : false
}

const LONGEST_NAME = 200

// --------------------------------------------------------------- Japanese

const NAME_LETTER = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}々〆ヶーｰA-Za-zＡ-Ｚａ-ｚ'
/** A name of at most two words before 様 … at the end of what is said. */
const HONOURED = new RegExp(
  `([${NAME_LETTER}]{1,14}(?:[ 　][${NAME_LETTER}]{1,8})?)[ 　]?(?:様|さま|さん|殿|先生)(?=$|[\\s　、，,。．・/／:：()（）])`,
  'gu',
)
const RANK =
  /(?:代表取締役社長|代表取締役|取締役|部長|課長|係長|次長|社長|副社長|会長|専務|常務|主任|室長|所長|店長|支店長|工場長|局長|理事長|理事|院長|校長|園長|教授|准教授|講師|監督|マネージャー|リーダー|先生)$/
/** Words that greet a group or a role; and those that are no name alone, but begin one (神田, 奥村, 貴之). */
const GROUP_JAPANESE =
  /各位|皆様|皆さ|みなさ|みんな|担当|御中|お客|顧客|会員|保護者|関係者|事務局|窓口|係$|ご家族|一同|採用|人事|総務|営業|経理|広報|編集|管理者|管理人|責任者|参加者|受講者|ユーザー|読者|取引先|株式会社|有限会社|合同会社|㈱|会社|法人|オーナー|先方|お疲|ご苦労|お世話|スタッフ|チーム|グループ|メンバー|サポート|^(?:お|ご)|旧姓|^[xXｘＸ]+$/
const NO_NAME_ALONE =
  /^(?:皆|宛|奥|旦那|父|皆々|母|兄|姉|神|仏|王|殿|何|誰|貴|貴殿|たく|ござ|みな|だれ|どちら|あなた|貴方|先輩|後輩|大家|隣|子|息子|娘)$/
const ORGANISATION_END =
  /.{2}[手者員士師部課室係局社店会団校院所組署庁省園館堂屋家行班]$|大学|高校|商事|工業|産業|製作|不動産|ホテル|銀行|クリニック/

function japaneseNames(line: string): string[] {
  // A sentence that mentions somebody greets nobody.
  if (/[。！？].*(?:様|さん)/.test(line) || line.length > 60) return []
  const names: string[] = []
  for (const [, raw = ''] of line.matchAll(HONOURED)) {
    const words = (raw.split('の').at(-1) ?? '').trim().split(/[ 　]+/)
    const ranked = words.map(word => word.replace(RANK, '')).filter(word => word !== '')
    const isGroup = (word: string) => GROUP_JAPANESE.test(word) || ORGANISATION_END.test(word)
    const name = ranked.filter(word => !isGroup(word)).join(' ')
    if (name !== '' && !isGroup(ranked.at(-1) ?? '') && !NO_NAME_ALONE.test(name)) names.push(name)
  }
  return names
}

const HAN = /\p{Script=Han}/u

function isKanjiNameOf(name: string, person: Address): Verdict {
  const shown = foldedKanji(person.name.slice(0, LONGEST_NAME))
  const greeted = name.split(' ').map(foldedKanji)
  if (shown !== '' && greeted.some(word => isWithin(word, shown))) return true
  // Kana beside kanji is a reading, which the letters do not tell.
  if (!greeted.some(word => HAN.test(word))) return null
  return HAN.test(shown) ? (isKanjiPerson(person.name) ? false : null) : readingVerdict(greeted, person)
}

/** 佐藤 健二 is a person, and what begins with a frequent family name; 技術連絡 may be anything. */
function isKanjiPerson(shown: string): boolean {
  const words = shown
    .trim()
    .slice(0, LONGEST_NAME)
    .split(/[ 　]+/)
  if (words.some(word => ORGANISATION_END.test(word) || GROUP_JAPANESE.test(word))) return false
  const isPair =
    words.length === 2 && words.every(word => /^[\p{Script=Han}\p{Script=Hiragana}々ヶ]{1,3}$/u.test(word))
  return isPair || Object.keys(READINGS).some(surname => shown.startsWith(surname))
}

/** 佐藤 within 佐藤健二, or 佐藤 of 佐藤健二様. */
function isWithin(greeted: string, shown: string): boolean {
  return shown.includes(greeted) || (shown.length >= 2 && greeted.includes(shown))
}

/** False only where the greeted name is read one way and the recipient's letters say another family's name. */
function readingVerdict(greeted: readonly string[], { name, address }: Address): Verdict {
  const surname = Object.keys(READINGS).find(kanji => greeted.some(word => word.startsWith(kanji)))
  if (surname === undefined) return null
  const words = foldedWords(`${name} ${address.slice(0, Math.max(0, address.lastIndexOf('@')))}`)
  const readings = READINGS[surname] ?? []
  if (words.some(word => readings.some(reading => word.includes(reading)))) return true
  return words.some(word => ALL_READINGS.has(word)) ? false : null
}
