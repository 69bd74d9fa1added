/**
 * Whom a mail greets, and whether that is somebody it goes to: ○○様, ○○さん, "Dear X", "Hello X and Y". Pure. Refuses to
 * judge where names cannot be compared: a group, an address without a name, kanji against Latin letters.
 */

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

const SENTENCE_END = /[。！？]\s*$/

const LINES_OF_GREETING = 5
const LONGEST_GREETING = 120

/** Null is "cannot be told"; one such recipient may be the one who is greeted. */
type Verdict = boolean | null

function mayBeAmong(people: readonly Address[], isNameOf: (person: Address) => Verdict): boolean {
  return people.some(person => isNameOf(person) !== false)
}

// ---------------------------------------------------------------- English

const GREETING =
  /^\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|morning)[,]?\s+(.+)$/i
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
    'accounting accounts billing finance legal it happy hope thanks thank just sorry quick long please any'
  ).split(' '),
)
const ORGANISATION =
  /\b(?:inc|ltd|llc|gmbh|ag|co|corp|corporation|company|university|institute|society|association|school|hotel|bank|press|group|labs?|studios?|team|office|department|support)\b/i

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
  const names = pieces.map(piece => personOf(piece))
  if (isWhole && names.every(name => name !== null)) return names
  // "Hi Martin, how are you": what stands before the first sign is who is greeted.
  const head = /^([^,;:!.–—]{1,60})[,;:!–—]/.exec(rest)?.[1]
  if (head === undefined) return []
  const heads = head.split(/\s*(?:&|\/|\+|\band\b|\bor\b)\s*/i).map(piece => personOf(piece.trim()))
  return heads.every(name => name !== null) ? heads : []
}

/** A name of one to four capitalised words, its title off; null for a group, a firm or a sentence. */
function personOf(piece: string): string | null {
  const bare = piece.trim().replace(TITLE, '').replace(TITLE, '').replace(SUFFIX, '')
  const words = bare.split(/\s+/)
  if (bare === '' || words.length > 4 || ORGANISATION.test(bare)) return null
  const isName = words.every(
    word =>
      /^(?:\p{Lu}[\p{L}\p{M}'’.-]*|v[ao]n|de[rnl]?|d[aiu]|la|le|bin|al)$/u.test(word) &&
      !GROUP.has(word.toLowerCase()),
  )
  return isName && /\p{Lu}\p{L}/u.test(bare) ? bare : null
}

const ROLE =
  /^(?:info|sales|support|contact|office|hello|admin|mail|post|team|press|jobs|career|hr|service|help|order|shop|booking|reservation|account|billing|invoice|no-?reply|all|everyone|staff|news|list|member|customer|enquir|inquir|team|desk|dev|web|marketing|recruit|saiyo|soumu|eigyo|keiri|jinji|kouho|toiawase|otoiawase|madoguchi|uketsuke|jimu)/i

/** Words of a name or of the part before the @, folded: without accents, ß and ue. */
function foldedWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'a')
    .replace(/ł/g, 'l')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^a-z]+/)
    .map(word =>
      word
        .replace(/([aou])e(?=[^aeiou]|$)/g, '$1')
        .replace(/ou|oo|oh/g, 'o')
        .replace(/uu/g, 'u'),
    )
    .filter(word => word !== '')
}

function isLatinNameOf(name: string, { name: shown, address }: Address): Verdict {
  const greeted = foldedWords(name)
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
  const isRole = ROLE.test(local)
  const named = /[a-z]/i.test(shown) ? foldedWords(shown) : []
  const mailed = isRole ? [] : foldedWords(local)
  const all = [...named, ...mailed]
  if (greeted.some(word => all.some(other => isSameLatin(word, other)))) return true
  const run = mailed.join('')
  // mweber, kenjisato: the name stands within.
  if (greeted.some(word => word.length >= 3 && run.includes(word))) return true
  if (ORGANISATION.test(shown) || (named.length === 0 && isRole)) return null
  // A list, a shop, a firm: two words and more make a person, one may be anything.
  if (named.length >= 2) return isNickOfInitial(greeted, all) ? null : false
  const telling = mailed.filter(word => word.length >= 3)
  if (/\d/.test(local) && mailed.length < 2) return null
  return telling.length >= 2 && !isNickOfInitial(greeted, all) ? false : null
}

/** The same word, the beginning of it (Dan, Daniel), or one letter other (Katherine, Kathrine). */
function isSameLatin(left: string, right: string): boolean {
  if (left === right) return true
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  if (short.length >= 3 && (long.startsWith(short) || long.endsWith(short))) return true
  if (short.length >= 4 && short.slice(0, 3) === long.slice(0, 3)) return true
  return NICKNAMES.some(family => family.includes(left) && family.includes(right))
}

const NICKNAMES: readonly (readonly string[])[] = [
  'robert bob bobby rob robbie bert',
  'william bill billy will liam willy',
  'richard dick rick ricky rich',
  'edward ted ed eddie ned',
  'theodore ted teddy theo',
  'john jack johnny jon jonathan sean ivan',
  'james jim jimmy jamie',
  'charles chuck charlie carlos',
  'margaret peggy meg maggie greta rita',
  'elizabeth liz lizzie beth betty eliza lisa elsa ella libby',
  'anthony tony toni anton',
  'katherine catherine kate katie kathy cathy kat kitty karen',
  'alexander alex sasha sandy alec xander',
  'alexandra alex sasha sandra',
  'michael mike mick mickey misha mikey',
  'joseph joe joey jo pepe josef beppe',
  'francis frank fran',
  'francisco paco pancho',
  'henry harry hank',
  'harold harry hal',
  'patricia pat patty trish',
  'patrick pat paddy',
  'susan sue suzy susie',
  'deborah debbie deb',
  'rebecca becky becca',
  'andrew andy drew',
  'daniel dan danny',
  'david dave',
  'steven stephen steve',
  'stefan steve',
  'lawrence larry',
  'gerald jerry gerry',
  'jerome jerry',
  'leonard len leo',
  'nicholas nick klaus nico',
  'peter pete',
  'philip phil',
  'ronald ron',
  'samuel sam',
  'samantha sam',
  'thomas tom tommy',
  'timothy tim',
  'victoria vicky tori',
  'virginia ginny',
  'dorothy dot dolly',
  'eugene gene',
  'frederick fred freddy fritz',
  'hans johannes johann hannes',
  'johannes jan',
  'josephine jo josie',
  'matthew matt',
  'melissa mel',
  'jennifer jen jenny',
  'jessica jess',
  'christopher chris kit',
  'christine chris tina',
  'christina chris tina',
  'augustus gus',
  'albert al bert',
  'allan al',
  'barbara barb babs',
  'cynthia cindy',
  'donald don',
  'douglas doug',
  'eleanor nell nora ellie',
  'helen nell ellen',
  'isabella bella izzy',
  'kenneth ken',
  'kenji ken',
  'kenichi ken',
  'louis lou',
  'louise lou',
  'mary molly polly mia',
  'maria mia',
  'martha patty',
  'nathaniel nat nate',
  'nancy ann',
  'pamela pam',
  'raymond ray',
  'sarah sally',
  'walter walt wally',
  'dmitri dima',
  'ekaterina katya',
  'yevgeny zhenya eugene',
  'vladimir vova volodya',
  'giuseppe beppe joe',
  'guillermo memo bill',
  'ignacio nacho',
  'enrique kike',
  'jesus chuy',
  'dolores lola',
  'wolfgang wolf',
  'sebastian basti seb bastian',
  'antonia toni',
].map(line => line.split(' ').flatMap(foldedWords))

/** "Bo" or "JP" for somebody whose name begins so: a nickname we do not know. */
function isNickOfInitial(greeted: readonly string[], all: readonly string[]): boolean {
  const first = greeted[0] ?? ''
  return greeted.length === 1 && first.length <= 3 && all.some(word => word.startsWith(first.slice(0, 1)))
}

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
  /各位|皆様|皆さ|みなさ|みんな|担当|御中|お客|顧客|会員|保護者|関係者|事務局|窓口|係$|ご家族|一同|採用|人事|総務|営業|経理|広報|編集|管理者|管理人|責任者|参加者|受講者|ユーザー|読者|取引先|株式会社|有限会社|合同会社|㈱|会社|法人|オーナー|先方|お疲|ご苦労|お世話|スタッフ|チーム|グループ|メンバー|サポート|^(?:お|ご)|^[xXｘＸ]+$/
const NO_NAME_ALONE =
  /^(?:皆|宛|奥|旦那|父|母|兄|姉|神|仏|王|殿|何|誰|貴|貴殿|たく|ござ|みな|だれ|どちら|あなた|貴方|先輩|後輩|大家|隣|子|息子|娘)$/
const ORGANISATION_END =
  /.{2}[部課室係局社店会団校院所組署庁省園館堂屋家行班]$|大学|高校|商事|工業|産業|製作|不動産|ホテル|銀行|クリニック/

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

/** Forms of one kanji in names, and hiragana as katakana. */
const KANJI_FORMS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '斉齋斎齊',
    '辺邊邉',
    '高髙',
    '崎﨑嵜埼',
    '沢澤',
    '島嶋嶌',
    '浜濱濵',
    '広廣',
    '桜櫻',
    '国國',
    '竜龍',
    '恵惠',
    '真眞',
    '富冨',
    '吉𠮷',
    '関關',
    '藤籐',
    '条條',
    '滝瀧',
    '槙槇',
    '徳德',
    '塚塚',
    '曽曾',
    '豊豐',
    '黒黑',
    '万萬',
    '亀龜',
    '実實',
    '礼禮',
    '栄榮',
    '円圓',
    '学學',
    '寿壽',
    '静靜',
    '尾尾',
    '篠篠',
    '郎郞',
    '祐祐',
    '隆隆',
    '福福',
    '神神',
    '渡渡',
    '蔵藏',
    '与與',
    '館舘',
    '桧檜',
    '峰峯',
    '松枩',
    '薮藪籔',
  ].flatMap(forms => [...forms].map(form => [form, [...forms][0] as string])),
)

function foldedKanji(text: string): string {
  let folded = ''
  for (const letter of text.normalize('NFKC')) {
    const code = letter.charCodeAt(0)
    folded +=
      code >= 0x3041 && code <= 0x3096 ? String.fromCharCode(code + 0x60) : (KANJI_FORMS[letter] ?? letter)
  }
  return folded.replace(/[\s　・]/g, '').toLowerCase()
}

const HAN = /\p{Script=Han}/u

function isKanjiNameOf(name: string, person: Address): Verdict {
  const shown = foldedKanji(person.name)
  const greeted = name.split(' ').map(foldedKanji)
  if (shown !== '' && greeted.some(word => isWithin(word, shown))) return true
  const isHan = greeted.some(word => HAN.test(word))
  const isOfFirm = ORGANISATION_END.test(person.name.trim()) || GROUP_JAPANESE.test(person.name)
  if (!HAN.test(person.name) || isOfFirm) return isHan ? readingVerdict(greeted, person) : null
  // Kana beside kanji is a reading, which the letters do not tell.
  return isHan ? false : null
}

/** 佐藤 within 佐藤健二, or 佐藤 of 佐藤健二様. */
function isWithin(greeted: string, shown: string): boolean {
  return shown.includes(greeted) || (shown.length >= 2 && greeted.includes(shown))
}

/** How the most frequent family names are read: enough to know one that is written in Latin letters. */
const READINGS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  (
    '佐藤sato 鈴木suzuki 高橋takahashi 田中tanaka 伊藤ito 渡辺watanabe 山本yamamoto 中村nakamura 小林kobayashi 加藤kato 吉田yoshida ' +
    '山田yamada 佐々木sasaki 山口yamaguchi 松本matsumoto 井上inoue 木村kimura 林hayashi 斉藤saito 清水shimizu 山崎yamazaki,yamasaki ' +
    '森mori 阿部abe 池田ikeda 橋本hashimoto 山下yamashita 石川ishikawa 中島nakajima,nakashima 前田maeda 藤田fujita 小川ogawa 後藤goto ' +
    '岡田okada 長谷川hasegawa 村上murakami 近藤kondo 石井ishii 坂本sakamoto 遠藤endo 青木aoki 藤井fujii 西村nishimura 福田fukuda ' +
    '太田ota 三浦miura 岡本okamoto 松田matsuda 中川nakagawa 中野nakano 原田harada 小野ono 田村tamura 竹内takeuchi 金子kaneko 和田wada ' +
    '中山nakayama 石田ishida 上田ueda 森田morita 原hara 柴田shibata 酒井sakai 工藤kudo 横山yokoyama 宮崎miyazaki 宮本miyamoto 内田uchida'
  )
    .split(' ')
    .map(entry => {
      const kanji = entry.replace(/[a-z,]/g, '')
      return [kanji, entry.slice(kanji.length).split(',').flatMap(foldedWords)]
    }),
)
const ALL_READINGS = new Set(Object.values(READINGS).flat())

/** False only where the greeted name is read one way and the recipient's letters say another family's name. */
function readingVerdict(greeted: readonly string[], { name, address }: Address): Verdict {
  const surname = Object.keys(READINGS).find(kanji => greeted.some(word => word.startsWith(kanji)))
  if (surname === undefined) return null
  const words = foldedWords(`${name} ${address.slice(0, Math.max(0, address.lastIndexOf('@')))}`)
  const readings = READINGS[surname] ?? []
  if (words.some(word => readings.some(reading => word.includes(reading)))) return true
  return words.some(word => ALL_READINGS.has(word)) ? false : null
}
