export const people = {
  suggestions: '宛先の候補',
  suggestionCount_other: '候補 {{count}} 件。矢印キーで選択、Shift+Delete で候補から外します。',
  noSuggestions: '候補はありません。',
  mailed: '最終送信 {{time}}',
  wrote: '最終受信 {{time}}',
  kept: '連絡先に登録済み',
  sameName: '同名あり',
  demoted: {
    failed: '前回は届きませんでした',
    automatic: '自動送信のアドレス',
  },
  members_other: '{{count}} 人',
  forget: '{{address}} を候補から外す',
  forgotten: '{{address}} を候補から外しました。',
} as const
