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

const FIELDS: readonly RegExp[] = [
  /\{\{\s?[^{}\n]{1,40}\}\}/,
  new RegExp(`(?<![\\w$\\\\/{])\\{(?:${LATIN_FIELD}|${JAPANESE_FIELD})\\}(?!\\})`, 'i'),
  new RegExp(`\\[(?:insert [^\\]\\n]{1,40}|${LATIN_FIELD}|${JAPANESE_FIELD})\\](?![(:：])`, 'i'),
  /<<[\p{L}_][\p{L}\p{N}_. -]{0,28}[\p{L}\p{N}_]>>/u,
  new RegExp(`«(?:${LATIN_FIELD}|${JAPANESE_FIELD})»`, 'i'),
  new RegExp(`(?<![<\\w])<(?:${LATIN_FIELD}|${JAPANESE_FIELD})>(?!>)`, 'i'),
  /\*\|[A-Z][A-Z0-9_:]{1,30}\|\*/,
  new RegExp(`%%?${LATIN_FIELD}%%?`, 'i'),
  new RegExp(`_{2,4}${LATIN_FIELD}_{2,4}`, 'i'),
  /\blorem ipsum\b/i,
  // Twice the same sign, and no row of marks, no year 二〇〇〇 and no room 二〇〇 around it.
  /(?<![○◯〇△□◇◎×✕●▲■「『"“'‘\d０-９一二三四五六七八九十百])(?:○{2,3}|◯{2,3}|〇{2,3}|△{2,3}|□{2,3}|◇{2,3}|●{2,3}|▲{2,3}|■{2,3})(?![○◯〇△□◇◎×✕●▲■」』"”'’\d０-９一二三四五六七八九十年号]|\s*[|│])/,
  new RegExp(`【${JAPANESE_FIELD}】(?=\\s?(?:様|さま|さん|殿|御中|の|は|が|を|に|、|。))`),
  // A kiss is small and has no name before it; a film and a numeral are of capitals, but not where a name is due.
  /(?<=^\s*(?:dear|hi|hello|hey)(?: (?:mr|mrs|ms|dr)\.?)? )x{2,5}(?=\s*[,.!:;]?\s*$)/i,
  /[XＸxｘ]{2,5}(?=\s?(?:様|さん|殿|御中|株式会社|円|月\s?[XＸxｘ\d]|日))/,
  /(?<=株式会社\s?)[XＸxｘ]{2,5}/,
  /(?<![\w*#-])X{3,5}(?![\w*#+-]|\s?(?:congress|olympi|dynasty|century))/,
]

const NUMERAL_BEFORE =
  /\b(?:bowl|chapter|vol(?:ume)?|article|part|book|psalm|section|appendix|phase|games|size|rated|nos?|class)\.?\s$/i

/** What stands alone in the first lines is the block with the address; further down it is a form to fill in. */
const ADDRESS_BLOCK = 4
const ALONE = new RegExp(`^\\s*【${JAPANESE_FIELD}】\\s*$`)

/** Every field as it stands there, each once and at most five. */
export function leftoverFields(subject: string, lines: readonly string[]): string[] {
  const found = new Set<string>()
  let written = 0
  for (const line of [subject, ...lines]) {
    if (found.size >= 5) break
    if (written < ADDRESS_BLOCK && ALONE.test(line)) found.add(line.trim())
    if (line.trim() !== '') written += 1
    if (line.length < 2) continue
    for (const field of FIELDS) {
      const match = field.exec(line)
      if (match === null || isNumeral(line, match)) continue
      found.add(match[0].trim())
    }
  }
  return [...found].slice(0, 5)
}

function isNumeral(line: string, match: RegExpExecArray): boolean {
  return (
    /^X{3,5}$/.test(match[0]) && NUMERAL_BEFORE.test(line.slice(Math.max(0, match.index - 12), match.index))
  )
}
