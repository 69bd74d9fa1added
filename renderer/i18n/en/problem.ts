/** What went wrong, per kind: what happened, what it means, what can be done. Plain, short, no blame. */
export const problem = {
  serverSaid: 'What the server said',
  details: 'Details',
  again: 'Try again',
  phase: {
    dns: 'looking up its address',
    connect: 'connecting',
    tls: 'securing the connection',
    greeting: 'waiting for its greeting',
    auth: 'signing in',
    envelope: 'naming the recipients',
    body: 'handing over the mail',
    reply: 'waiting for its last answer',
    command: 'waiting for an answer',
  },
  offline: {
    title: 'No connection to the internet',
    meaning: 'Nothing is lost. Mail that waits goes out by itself once the connection is back.',
    remedy: 'Check the network of this computer.',
  },
  dns: {
    title: 'No server named {{host}} was found',
    meaning: 'The name could not be looked up, so no connection was made.',
    remedy: 'Check the spelling of the server name, or the network.',
  },
  unreachable: {
    title: '{{host}} does not answer on port {{port}}',
    meaning: 'The address exists, but nothing accepts a connection there.',
    remedy: 'Check the port, or whether a firewall blocks it.',
  },
  timeout: {
    title: '{{host}} took too long',
    meaning: 'It stopped answering while {{phase}} (port {{port}}).',
    remedy: 'This often passes. Todoke tries again by itself.',
  },
  connectionLost: {
    title: 'The connection to {{host}} broke',
    meaning: 'It ended while {{phase}}.',
    remedy: 'This often passes. Todoke tries again by itself.',
  },
  protocol: {
    title: '{{host}} gave an answer that makes no sense',
    meaning: 'Todoke stopped, so as to do nothing wrong.',
    remedy: 'Check that server and port are meant for mail. If they are, please report this.',
  },
  certificate: {
    untrusted: {
      title: 'The certificate of {{host}} is not trusted',
      meaning: 'Nobody this computer trusts has vouched for it. Somebody could be listening in between.',
      remedy:
        'Ask whoever runs the server. If you know it is right, you can trust this certificate for this server alone.',
    },
    selfSigned: {
      title: '{{host}} vouches for itself',
      meaning:
        'Its certificate is self-signed. That is common at home and in offices, but anybody could make one.',
      remedy: 'If you know this server, you can trust this certificate for it alone.',
    },
    expired: {
      title: 'The certificate of {{host}} has run out',
      meaning: 'The server has not been given a new one in time.',
      remedy: 'Check the clock of this computer, or tell whoever runs the server.',
    },
    notYetValid: {
      title: 'The certificate of {{host}} is not valid yet',
      meaning: 'It begins in the future, which often means that a clock is wrong.',
      remedy: 'Check the clock of this computer.',
    },
    nameMismatch: {
      title: 'The certificate belongs to another server',
      meaning: 'It was not made for {{host}}.',
      remedy: 'Check the server name. Providers often name the right one in their help pages.',
    },
    changed: {
      title: 'The certificate of {{host}} has changed',
      meaning: 'It is not the one you trusted. It may be new, or somebody may be in between.',
      remedy: 'Ask whoever runs the server before you trust it.',
    },
    other: {
      title: 'The certificate of {{host}} could not be checked',
      meaning: 'No password and no mail was sent.',
      remedy: 'Look at the certificate, or ask whoever runs the server.',
    },
  },
  tls: {
    title: 'No secure connection to {{host}}',
    meaning: 'Both sides could not agree on how to encrypt. No password and no mail was sent.',
    remedy:
      'Check the port and the kind of encryption. Very old servers may speak nothing that is still safe.',
  },
  tlsNotOffered: {
    title: '{{host}} does not offer encryption',
    meaning: 'The password would travel readable. Todoke does not do that by itself.',
    remedy: 'Choose the encrypted port (465, 993 or 995), if there is one.',
  },
  plaintextForbidden: {
    title: 'Without encryption, only with your consent',
    meaning: 'The settings for {{host}} would send the password readable for everybody on the way.',
    remedy: 'Choose encryption, or give your consent in the account.',
  },
  authentication: {
    title: '{{host}} did not accept the password',
    meaning: 'The account of {{user}} is paused. Mail that waits stays safe.',
    remedy: 'Type the password again. Some providers want an app password made for mail programs.',
  },
  authenticationUnavailable: {
    title: 'No common way to sign in at {{host}}',
    meaning: 'The server offers: {{offered}}.',
    remedy: 'Check the port and encryption: many servers allow signing in only on an encrypted connection.',
  },
  throttled: {
    title: '{{host}} wants to be left alone for a while',
    meaning: 'Too many sign-ins in a short time. The account waits, so as not to be locked.',
    remedy: 'Nothing to do. Todoke waits and goes on.',
  },
  passwordMissing: {
    title: 'The password is missing',
    meaning: 'It is not kept on this computer, or can no longer be read. Mail that waits stays safe.',
    remedy: 'Type the password again in the account.',
  },
  secretsUnavailable: {
    title: 'The password store cannot be opened',
    meaning: 'The system does not let Todoke read its passwords.',
    remedy: 'Unlock the key ring of your system and start Todoke again.',
  },
  recipientsRefused: {
    title_one: 'The server refused {{count}} recipient',
    title_other: 'The server refused {{count}} recipients',
    meaning: 'Nothing was sent yet: {{addresses}}.',
    remedy: 'Correct the address, or send to the others.',
  },
  gaveUp: {
    title: 'Given up after {{duration}}',
    meaning: 'The last trouble: {{last}}.',
    remedy: 'You can try again now, or change the mail.',
  },
  noRecipients: {
    title: 'Nobody to send to',
    meaning: 'A mail needs at least one recipient.',
    remedy: 'Add an address under To, Cc or Bcc.',
  },
  addressInvalid: {
    title: '“{{address}}” is not an address',
    meaning: 'It stands under {{field}}.',
    remedy: 'An address looks like name@example.com.',
  },
  field: { from: 'From', to: 'To', cc: 'Cc', bcc: 'Bcc' },
  addressNeedsSmtputf8: {
    title: 'Your server cannot send to {{address}}',
    meaning: 'The part before the @ has letters beyond ASCII, and the server does not take such addresses.',
    remedy: 'Ask for another address of this person.',
  },
  serverLacksTlsAllTheWay: {
    title: 'Your server does not promise TLS all the way',
    meaning: 'This mail may only go over servers that do, and {{host}} does not offer it. Nothing was sent.',
    remedy: 'Edit the mail and let it go without this promise, or send it from another account.',
  },
  serverLacksEightBits: {
    title: 'The attached mail cannot go as it is',
    meaning: 'It holds 8-bit characters, and {{host}} no longer takes them. Nothing was sent.',
    remedy: 'Edit the mail and send it again: the attached mail then goes as a file.',
  },
  forbiddenCharacter: {
    title: 'A character that mail cannot carry',
    meaning: 'It stands in: {{field}}.',
    remedy: 'Delete it and type it anew; it may have come with a paste.',
  },
  tooBig: {
    title: 'Too big for this server',
    meaning: 'The mail has {{bytes}}, the server takes {{limit}}.',
    remedy: 'Remove or shrink an attachment.',
  },
  tooManyRecipients: {
    title: 'Too many recipients for this server',
    meaning: 'The mail goes to {{count}} people, the server takes {{limit}} with one mail. Nothing was sent.',
    remedy: 'Send it to fewer people at a time.',
  },
  attachmentMissing: {
    title: 'An attachment is missing',
    meaning: '“{{name}}” is no longer there.',
    remedy: 'Attach it again, or remove it.',
  },
  attachmentUnreadable: {
    title: 'An attachment cannot be read',
    meaning: '“{{name}}” could not be opened.',
    remedy: 'Attach it again, or remove it.',
  },
  bytesChanged: {
    title: 'The mail is not what it was when you sent it',
    meaning: 'A file of it has changed on disk, so nothing was sent.',
    remedy: 'Open it as a draft, attach the file again and send.',
  },
  outcomeUnknown: {
    title: 'Nobody knows whether this mail arrived',
    meaning: 'The connection broke after the last byte, before the server answered. It may have been taken.',
    remedy:
      'Todoke looks for proof and does not send again by itself. You may ask the recipient, and decide.',
  },
  pastNoReturn: {
    title: 'Too late to take it back',
    meaning: 'The last bytes are out, so the server may have the mail already.',
    remedy: 'Wait for its answer.',
  },
  sameMail: {
    title: 'This mail is in the outbox already',
    meaning: 'It is not sent a second time.',
    remedy: 'Look at it in the outbox.',
  },
  diskFull: {
    title: 'The disk is full',
    meaning: 'Todoke cannot keep anything new. What is there is safe.',
    remedy: 'Make some room and try again.',
  },
  disk: {
    title: 'The disk cannot be read or written',
    meaning: 'The system reported an error.',
    remedy: 'Check the disk, and that Todoke may use its folder.',
  },
  databaseNewer: {
    title: 'These data belong to a newer Todoke',
    meaning: '{{file}} was written by a later version. This one leaves it alone.',
    remedy: 'Install the newer version.',
  },
  databaseCorrupt: {
    title: 'A data file is damaged',
    meaning: '{{file}} cannot be read as it should.',
    remedy: 'Restore it from a backup, or move it away: mail on the server is fetched again.',
  },
  settingsCorrupt: {
    title: 'The settings could not be read',
    meaning: 'Todoke began with fresh ones. The old file is kept as {{keptAs}}.',
    remedy: 'Set what you need once more.',
  },
  alreadyRunning: {
    title: 'Todoke is open already',
    meaning: 'Only one can look after the outbox, so that nothing goes twice.',
    remedy: 'Use the window that is open.',
  },
  invalid: {
    title: 'Something is not filled in right',
    meaning: 'It is about: {{field}}.',
    remedy: 'Correct it and try again.',
  },
  notFound: {
    title: 'This is not there any more: {{what}}',
    meaning: 'It may have been deleted or moved meanwhile.',
    remedy: 'Go back to the list.',
    what: {
      account: 'the account',
      draft: 'the draft',
      mail: 'the mail',
      message: 'the message',
      folder: 'the folder',
      attachment: 'the attachment',
      file: 'the file',
      check: 'the check',
      batch: 'the mail merge',
      template: 'the template',
    },
  },
  conflict: {
    title: 'This draft was changed somewhere else',
    meaning: 'Another window has saved a newer text. Yours is still here.',
    remedy: 'Copy what you need and open the newer one.',
  },
  draftNewer: {
    title: 'A newer Todoke wrote this draft',
    meaning: 'This version cannot show all of it, so it has been left as it is.',
    remedy: 'Update Todoke, or open the draft with the version that wrote it.',
  },
  writtenElsewhere: {
    title: 'This draft is being written in another window',
    meaning:
      'Only one window writes at a time. What is here was not saved over it, and stays in this window.',
    remedy: 'Write on in the other window, or take the draft over here.',
  },
  notNow: {
    title: 'Not possible at this moment',
    meaning: 'The mail or the account is in a state that does not allow it.',
    remedy: 'Wait a moment, or look at its state first.',
  },
  noFolder: {
    title: 'There is no folder for this',
    meaning: 'The account has none that serves as: {{role}}.',
    remedy: 'Make one on the server, or in its web mail.',
  },
  messageGone: {
    title: 'This message is gone from the server',
    meaning: 'Another program may have deleted or moved it.',
    remedy: 'Go back to the list; it is brought up to date.',
  },
  webRefused: {
    title: '{{host}} did not do it',
    meaning: 'Its web server answered with a refusal. Nothing else was asked of it.',
    remedy: 'Try again later, or another way.',
  },
  mailUnreadable: {
    title: 'This mail cannot be read',
    meaning: 'Its structure is broken. The source is kept as it came.',
    remedy: 'Look at the source.',
  },
  cancelled: {
    title: 'Stopped',
    meaning: 'Nothing was changed.',
    remedy: 'You can start it again at any time.',
  },
  internal: {
    title: 'A mistake in Todoke',
    meaning: 'Something happened that should not. Your mails and drafts are kept.',
    remedy: 'Try again. If it stays, please report it with the details.',
  },
} as const
