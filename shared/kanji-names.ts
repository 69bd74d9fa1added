/** Names in kanji: variant forms of one letter, and how the most frequent family names are read. Data alone. */

import { foldedWords } from './latin-names.ts'

/** Forms of one kanji in names, and hiragana as katakana. */
const KANJI_FORMS: Readonly<Record<string, string>> = Object.fromEntries(
  '斉齋斎齊 辺邊邉 高髙 崎﨑嵜埼 沢澤 島嶋嶌 浜濱濵 広廣 桜櫻 国國 竜龍 恵惠 真眞 富冨 吉𠮷 関關 藤籐 条條 滝瀧 槙槇 徳德 豊豐 黒黑 万萬 亀龜 実實 礼禮 栄榮 円圓 学學 寿壽 静靜 蔵藏 与與 館舘 桧檜 峰峯 藪薮籔'
    .split(' ')
    .flatMap(forms => [...forms].map(form => [form, [...forms][0] as string])),
)

/** One spelling for what is one name: forms of a kanji, hiragana as katakana, no spaces. */
export function foldedKanji(text: string): string {
  let folded = ''
  for (const letter of text.normalize('NFKC')) {
    const code = letter.charCodeAt(0)
    folded +=
      code >= 0x3041 && code <= 0x3096 ? String.fromCharCode(code + 0x60) : (KANJI_FORMS[letter] ?? letter)
  }
  return folded.replace(/[\s　・]/g, '').toLowerCase()
}

/** How the most frequent family names are read: enough to know one that is written in Latin letters. */
export const READINGS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
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
export const ALL_READINGS = new Set(Object.values(READINGS).flat())
