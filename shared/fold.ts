/**
 * Text as it is searched: one spelling for what a reader takes for the same. Used wherever something typed is looked
 * for (people, mail), on both sides of the comparison. Refuses to be shown.
 */

const ASCII = /^[\u0000-\u007f]*$/
const LATIN_MARKS = /[\u0300-\u036f]/g
const KATAKANA = /[\u30a1-\u30f6\u30fd\u30fe]/g

/**
 * Width and compatibility (NFKC), case, katakana as hiragana, Latin letters without their marks. The marks of kana
 * stay: か and が are different letters.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(LATIN_MARKS, '')
    .normalize('NFC')
    .replace(KATAKANA, sign => String.fromCharCode(sign.charCodeAt(0) - 0x60))
}

/** A word that starts so may start anywhere: Chinese and Japanese are written without spaces. */
export function isCjk(text: string): boolean {
  return /^[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{323af}]/u.test(text)
}
