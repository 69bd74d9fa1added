/**
 * Fields of a template that nobody filled in: {{name}}, [Your Name], <<company>>, ○○様, 【会社名】 … Pure. Refuses what
 * only looks like one: marks in a table, headings, kisses, numerals and programs.
 */

const NOUN =
  '(?:first|last|full|family|given|user|company|contact|product|project|event|recipient|customer|client|sender|invoice|order|job|your|their|his|her)'
const WORD =
  '(?:name|firstname|lastname|fullname|surname|company|organi[sz]ation|date|title|address|e-?mail|phone|amount|price|recipient|customer|client|position|product|project|number|link|url|time|city|country|salutation|greeting|signature|department|role)'
const LATIN_FIELD = `(?:${NOUN}[ _.-]?){0,2}${WORD}(?: here)?`
const JAPANESE_FIELD =
  '(?:ご?担当者様?のお?名前?|ご?担当者名?|お?名前|氏名|お客様名|会社名|御社名|貴社名|企業名|団体名|学校名|部署名?|役職名?|宛名|宛先名|商品名|製品名|案件名|日付|年月日|金額|姓|名)'

const LETTER = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]'
const CIRCLES = '(?:○{2,3}|◯{2,3}|〇{2,3}|△{2,3})'
const MARK_OR_NUMBER = '[○◯〇△□◇◎×✕●▲■」』"”’\\d０-９一二三四五六七八九十百年号「『“‘]'

const FIELDS: readonly RegExp[] = [
  /\{\{\s?[^{}\n]{1,40}\}\}/,
  new RegExp(`(?<![\\w$\\\\/{."'“「])\\{(?:${LATIN_FIELD}|${JAPANESE_FIELD})\\}(?!\\})`, 'i'),
  new RegExp(
    `(?<![\\w/.)\\]"'“「])\\[(?:insert [^\\]\\n]{1,40}|${LATIN_FIELD}|${JAPANESE_FIELD})\\](?![(:：])`,
    'i',
  ),
  /<<[\p{L}_][\p{L}\p{N}_. -]{0,28}[\p{L}\p{N}_]>>/u,
  new RegExp(`«(?:${LATIN_FIELD}|${JAPANESE_FIELD})»`, 'i'),
  new RegExp(
    `(?<![<\\w])<(?:(?:${NOUN}[ _.-]?)?(?:name|company|customer|client|recipient)|${JAPANESE_FIELD})>(?!>)`,
    'i',
  ),
  /\*\|[A-Z][A-Z0-9_:]{1,30}\|\*/,
  new RegExp(`%%?${LATIN_FIELD}%%?`, 'i'),
  /\blorem ipsum\b/i,
  // Twice the same sign within words: no row of marks, no year 二〇〇〇, no room 二〇〇.
  new RegExp(`(?<=${LETTER})(?<!${MARK_OR_NUMBER})${CIRCLES}(?!${MARK_OR_NUMBER})`, 'u'),
  new RegExp(`(?<!${MARK_OR_NUMBER})${CIRCLES}(?=${LETTER})(?!${MARK_OR_NUMBER})`, 'u'),
  /(?:(?<=(?:株式会社|会社|大学|第)\s?)(?:●{2,3}|■{2,3}|▲{2,3}|□{2,3}|◇{2,3})|(?:●{2,3}|■{2,3}|▲{2,3}|□{2,3}|◇{2,3})(?=\s?(?:様|さん|殿|御中|株式会社|社|部|課|大学|市|円|月|日|年|時|の件|先生)))/,
  /[○〇◯●×]\s?月\s?[○〇◯●×]/,
  new RegExp(`【${JAPANESE_FIELD}】(?=\\s?(?:様|さま|さん|殿|御中|の|は|が|を|に|、|。))`),
  // A kiss is small and has no name before it; a film and a numeral are of capitals, but not where a name is due.
  /(?<=^\s*(?:dear|hi|hello|hey)(?: (?:mr|mrs|ms|dr)\.?)? )x{2,5}(?=\s*[,.!:;]?\s*$)/i,
  /[XＸxｘ]{2,5}(?=\s?(?:様|殿|御中|株式会社|円|月\s?[XＸxｘ\d]|日))/,
  /(?<=株式会社\s?)[XＸxｘ]{2,5}/,
  /(?<![\w*#-])X{3,5}(?![\w*#+-]|\s?(?:congress|olympi|dynasty|century|線)|\s*$)/,
]

const NUMERAL_BEFORE =
  /\b(?:bowl|chapter|vol(?:ume)?|article|part|book|psalm|section|appendix|phase|games|size|rated|nos?|class)\.?\s$/i
/** Somebody writes about fields, and means them. */
const ABOUT_FIELDS =
  /placeholder|variable|template|\bfields?\b|macro|\btags?\b|syntax|変数|テンプレ|差し込み|プレースホルダ|という|の場合|など|例えば|例：|伏せ字|明記|記入|入力/i

/** What stands alone in the first lines is the block with the address; further down it is a form to fill in. */
const ADDRESS_BLOCK = 4
const ALONE = new RegExp(`^\\s*【${JAPANESE_FIELD}】\\s*$`)
const HONOURED = new RegExp(`^\\s*【${JAPANESE_FIELD}】\\s?(?:様|さま|殿|御中)`)
const MOST = 5
/** A sign without which no line has a field: most lines are read no further. */
const MAY_HOLD_ONE = /[{[<«*%○◯〇△●■▲□◇【Ｘｘ]|xx|lorem/i

/** Every field as it stands there, each once and at most five. */
export function leftoverFields(subject: string, lines: readonly string[]): string[] {
  const found = new Set<string>()
  const block = lines.filter(line => line.trim() !== '').slice(0, ADDRESS_BLOCK)
  if (block.some(line => HONOURED.test(line))) {
    for (const line of block) if (ALONE.test(line)) found.add(line.trim())
  }
  for (const line of [subject.slice(0, 1_000), ...lines]) {
    if (found.size >= MOST) break
    if (!MAY_HOLD_ONE.test(line) || ABOUT_FIELDS.test(line)) continue
    for (const field of FIELDS) {
      const match = field.exec(line)
      if (match !== null && !isNumeral(line, match)) found.add(match[0].trim())
    }
  }
  return [...found].slice(0, MOST)
}

function isNumeral(line: string, match: RegExpExecArray): boolean {
  return (
    /^X{3,5}$/.test(match[0]) && NUMERAL_BEFORE.test(line.slice(Math.max(0, match.index - 12), match.index))
  )
}
