/** 何が起きたか、どういう意味か、何ができるか。 */
export const problem = {
  serverSaid: 'サーバーからの返答',
  details: '詳細',
  again: 'もう一度試す',
  phase: {
    dns: 'アドレスを調べている',
    connect: '接続している',
    tls: '暗号化を始めている',
    greeting: '最初の応答を待っている',
    auth: 'サインインしている',
    envelope: '宛先を伝えている',
    body: 'メールを渡している',
    reply: '最後の返答を待っている',
    command: '返答を待っている',
  },
  offline: {
    title: 'インターネットにつながっていません',
    meaning: 'メールは失われません。つながり次第、送信待ちのメールは自動で送られます。',
    remedy: 'このコンピューターのネットワークを確認してください。',
  },
  dns: {
    title: '{{host}} というサーバーが見つかりません',
    meaning: '名前を調べられず、接続していません。',
    remedy: 'サーバー名の綴りか、ネットワークを確認してください。',
  },
  unreachable: {
    title: '{{host}} のポート {{port}} から応答がありません',
    meaning: 'アドレスはありますが、接続を受け付けるものがありません。',
    remedy: 'ポート番号と、ファイアウォールの設定を確認してください。',
  },
  timeout: {
    title: '{{host}} の応答に時間がかかりすぎました',
    meaning: '{{phase}}間に応答が止まりました(ポート {{port}})。',
    remedy: '一時的なことが多く、Todoke が自動でもう一度試します。',
  },
  connectionLost: {
    title: '{{host}} との接続が切れました',
    meaning: '{{phase}}間に切れました。',
    remedy: '一時的なことが多く、Todoke が自動でもう一度試します。',
  },
  protocol: {
    title: '{{host}} の返答を理解できません',
    meaning: '誤ったことをしないよう、そこで止めました。',
    remedy: 'サーバー名とポートがメール用か確認してください。正しい場合はご報告ください。',
  },
  certificate: {
    untrusted: {
      title: '{{host}} の証明書は信頼されていません',
      meaning:
        'このコンピューターが信頼する発行者のものではありません。途中で誰かに読まれるおそれがあります。',
      remedy:
        'サーバーの管理者に確認してください。確かだとわかっていれば、このサーバーに限って信頼できます。',
    },
    selfSigned: {
      title: '{{host}} の証明書は自己署名です',
      meaning: '自宅や社内のサーバーではよくありますが、誰にでも作れるものです。',
      remedy: 'ご存じのサーバーなら、このサーバーに限って信頼できます。',
    },
    expired: {
      title: '{{host}} の証明書は期限切れです',
      meaning: 'サーバー側の更新が間に合っていません。',
      remedy: 'このコンピューターの時計を確認するか、サーバーの管理者に伝えてください。',
    },
    notYetValid: {
      title: '{{host}} の証明書はまだ有効ではありません',
      meaning: '有効期間が先の日付から始まっています。時計のずれが原因のことがよくあります。',
      remedy: 'このコンピューターの時計を確認してください。',
    },
    nameMismatch: {
      title: '別のサーバーの証明書です',
      meaning: '{{host}} のためのものではありません。',
      remedy: 'サーバー名を確認してください。正しい名前は提供元の案内に載っていることが多いです。',
    },
    changed: {
      title: '{{host}} の証明書が変わりました',
      meaning: '以前に信頼したものと違います。更新されたか、途中に誰かがいるかもしれません。',
      remedy: '信頼する前に、サーバーの管理者に確認してください。',
    },
    other: {
      title: '{{host}} の証明書を確認できません',
      meaning: 'パスワードもメールも送っていません。',
      remedy: '証明書の内容を見るか、サーバーの管理者に確認してください。',
    },
  },
  tls: {
    title: '{{host}} と安全に接続できません',
    meaning: '暗号化の方式が合いませんでした。パスワードもメールも送っていません。',
    remedy: 'ポートと暗号化の種類を確認してください。とても古いサーバーには安全な方式がないことがあります。',
  },
  tlsNotOffered: {
    title: '{{host}} は暗号化に対応していません',
    meaning: 'このままではパスワードが読める形で流れるため、接続しません。',
    remedy: '暗号化ポート(465、993、995)があれば、そちらを選んでください。',
  },
  plaintextForbidden: {
    title: '暗号化なしの接続には同意が必要です',
    meaning: '{{host}} の今の設定では、パスワードが途中の誰にでも読める形で送られます。',
    remedy: '暗号化を選ぶか、アカウントの設定で同意してください。',
  },
  authentication: {
    title: '{{host}} がパスワードを受け付けません',
    meaning: '{{user}} のアカウントを一時停止しました。送信待ちのメールは安全です。',
    remedy: 'パスワードを入力し直してください。メールソフト用のアプリパスワードが要る場合もあります。',
  },
  authenticationUnavailable: {
    title: '{{host}} にサインインする方法がありません',
    meaning: 'サーバーが対応している方式: {{offered}}',
    remedy: 'ポートと暗号化を確認してください。暗号化した接続でだけサインインできるサーバーが多くあります。',
  },
  throttled: {
    title: '{{host}} がしばらく待つよう求めています',
    meaning: '短い間にサインインが重なりました。ロックされないよう、アカウントは待機しています。',
    remedy: '何もする必要はありません。時間をおいて自動で再開します。',
  },
  passwordMissing: {
    title: 'パスワードがありません',
    meaning: 'このコンピューターに保存されていないか、読み出せなくなっています。送信待ちのメールは安全です。',
    remedy: 'アカウントの設定でパスワードを入力してください。',
  },
  secretsUnavailable: {
    title: 'パスワードの保管場所を開けません',
    meaning: 'システムがパスワードの読み出しを許可していません。',
    remedy: 'システムのキーリングのロックを解除し、Todoke を起動し直してください。',
  },
  recipientsRefused: {
    title_other: '{{count}} 件の宛先をサーバーが受け付けませんでした',
    meaning: 'まだ何も送っていません: {{addresses}}',
    remedy: 'アドレスを直すか、残りの宛先にだけ送ってください。',
  },
  gaveUp: {
    title: '{{duration}}試して、あきらめました',
    meaning: '最後の問題: {{last}}',
    remedy: '今もう一度試すか、メールを直してください。',
  },
  noRecipients: {
    title: '宛先がありません',
    meaning: 'メールには宛先が一つ以上必要です。',
    remedy: '宛先、Cc、Bcc のいずれかにアドレスを入れてください。',
  },
  addressInvalid: {
    title: '「{{address}}」はメールアドレスではありません',
    meaning: '{{field}}に入っています。',
    remedy: 'アドレスは name@example.com のような形です。',
  },
  field: { from: '差出人', to: '宛先', cc: 'Cc', bcc: 'Bcc' },
  addressNeedsSmtputf8: {
    title: 'このサーバーからは {{address}} に送れません',
    meaning: '@ より前に英数字以外の文字があり、サーバーが対応していません。',
    remedy: '相手の別のアドレスを使ってください。',
  },
  serverLacksTlsAllTheWay: {
    title: '送信サーバーが全経路の暗号化を約束していません',
    meaning:
      'このメールは、全経路の暗号化を約束するサーバーだけを通すよう指定されていますが、{{host}} は対応していません。何も送信していません。',
    remedy: 'メールを編集してこの指定を外すか、別のアカウントから送ってください。',
  },
  serverLacksEightBits: {
    title: '添付したメールをそのままの形で送れません',
    meaning:
      '添付したメールに 8 ビット文字が含まれていますが、{{host}} は受け付けなくなっています。何も送信していません。',
    remedy: 'メールを編集して送り直すと、添付したメールはファイルとして送られます。',
  },
  forbiddenCharacter: {
    title: 'メールで送れない文字があります',
    meaning: '場所: {{field}}',
    remedy: '削除して入力し直してください。貼り付けで紛れ込むことがあります。',
  },
  tooBig: {
    title: 'このサーバーには大きすぎます',
    meaning: 'メールは {{bytes}}、サーバーの上限は {{limit}} です。',
    remedy: '添付ファイルを外すか、小さくしてください。',
  },
  tooManyRecipients: {
    title: 'このサーバーには宛先が多すぎます',
    meaning: '宛先は {{count}} 件、サーバーの上限は 1 通につき {{limit}} 件です。何も送信していません。',
    remedy: '宛先を分けて送ってください。',
  },
  attachmentMissing: {
    title: '添付ファイルがありません',
    meaning: '「{{name}}」が見つかりません。',
    remedy: 'もう一度添付するか、外してください。',
  },
  attachmentUnreadable: {
    title: '添付ファイルを読めません',
    meaning: '「{{name}}」を開けませんでした。',
    remedy: 'もう一度添付するか、外してください。',
  },
  bytesChanged: {
    title: '送信したときの内容と違っています',
    meaning: 'ディスク上のファイルが変わったため、送っていません。',
    remedy: '下書きとして開き、ファイルを添付し直して送ってください。',
  },
  outcomeUnknown: {
    title: '届いたかどうか、わかりません',
    meaning: '最後まで送った直後、返答の前に接続が切れました。受け取られた可能性があります。',
    remedy: 'Todoke は証拠を探し、自動では再送しません。相手に確認して決めることもできます。',
  },
  pastNoReturn: {
    title: 'もう取り消せません',
    meaning: '最後まで送り終えており、サーバーが受け取っているかもしれません。',
    remedy: '返答をお待ちください。',
  },
  sameMail: {
    title: 'このメールはすでに送信トレイにあります',
    meaning: '二重には送りません。',
    remedy: '送信トレイで確認してください。',
  },
  diskFull: {
    title: 'ディスクがいっぱいです',
    meaning: '新しいものを保存できません。今あるものは安全です。',
    remedy: '空きを作ってから、もう一度試してください。',
  },
  disk: {
    title: 'ディスクの読み書きができません',
    meaning: 'システムがエラーを返しました。',
    remedy: 'ディスクと、データフォルダーの権限を確認してください。',
  },
  databaseNewer: {
    title: '新しい Todoke のデータです',
    meaning: '{{file}} は新しい版で書かれています。この版では触りません。',
    remedy: '新しい版をインストールしてください。',
  },
  databaseCorrupt: {
    title: 'データファイルが壊れています',
    meaning: '{{file}} を正しく読めません。',
    remedy: 'バックアップから戻すか、別の場所に移してください。サーバーにあるメールは取り直せます。',
  },
  settingsCorrupt: {
    title: '設定を読めませんでした',
    meaning: '新しい設定で始めました。元のファイルは {{keptAs}} に残してあります。',
    remedy: '必要な設定をもう一度行ってください。',
  },
  alreadyRunning: {
    title: 'Todoke はすでに開いています',
    meaning: '二重に送らないよう、送信トレイを扱えるのは一つだけです。',
    remedy: '開いているウィンドウを使ってください。',
  },
  invalid: {
    title: '入力に誤りがあります',
    meaning: '場所: {{field}}',
    remedy: '直してから、もう一度試してください。',
  },
  notFound: {
    title: '{{what}}が見つかりません',
    meaning: 'その間に削除されたか、移動されたようです。',
    remedy: '一覧に戻ってください。',
    what: {
      account: 'アカウント',
      draft: '下書き',
      mail: 'メール',
      message: 'メッセージ',
      folder: 'フォルダー',
      attachment: '添付ファイル',
      file: 'ファイル',
      check: '接続確認',
      batch: '差し込み送信',
      template: 'テンプレート',
    },
  },
  conflict: {
    title: 'この下書きは別の場所で変更されました',
    meaning: '別のウィンドウで新しい内容が保存されています。こちらの文章も残っています。',
    remedy: '必要な部分を写してから、新しいほうを開いてください。',
  },
  draftNewer: {
    title: '新しいバージョンの Todoke で書かれた下書きです',
    meaning: 'このバージョンではすべてを表示できないため、何も変更していません。',
    remedy: 'Todoke を更新するか、書いたときのバージョンで開いてください。',
  },
  writtenElsewhere: {
    title: 'この下書きは別のウィンドウで編集中です',
    meaning:
      '一度に編集できるのは一つのウィンドウだけです。こちらの内容は上書きされず、この画面に残っています。',
    remedy: '別のウィンドウで続きを書くか、こちらで編集に切り替えてください。',
  },
  notNow: {
    title: '今はできません',
    meaning: 'メールかアカウントが、その操作をできる状態にありません。',
    remedy: '少し待つか、状態を確認してください。',
  },
  noFolder: {
    title: 'そのためのフォルダーがありません',
    meaning: 'このアカウントには「{{role}}」にあたるフォルダーがありません。',
    remedy: 'サーバーかウェブメールで作成してください。',
  },
  messageGone: {
    title: 'このメールはサーバーからなくなりました',
    meaning: '別のソフトが削除か移動をしたようです。',
    remedy: '一覧に戻ってください。最新の状態になります。',
  },
  webRefused: {
    title: '{{host}} は応じませんでした',
    meaning: 'ウェブサーバーが依頼を断りました。ほかには何も依頼していません。',
    remedy: '時間をおいてもう一度試すか、別の方法をお使いください。',
  },
  mailUnreadable: {
    title: 'このメールは読み取れません',
    meaning: '構造が壊れています。ソースは届いたまま残っています。',
    remedy: 'ソースをご覧ください。',
  },
  cancelled: {
    title: '中止しました',
    meaning: '何も変更していません。',
    remedy: 'いつでもやり直せます。',
  },
  internal: {
    title: 'Todoke の不具合です',
    meaning: '起きるはずのないことが起きました。メールと下書きは残っています。',
    remedy: 'もう一度試し、直らないときは詳細を添えてご報告ください。',
  },
} as const
