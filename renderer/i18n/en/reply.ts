/** What a server's reply means, per cause: what happened, what it means for this mail, what can be done. No guesses. */
export const reply = {
  next: {
    'tries-again': 'Todoke tries again by itself.',
    'goes-on-by-itself': 'The account rests for a while, then Todoke goes on by itself.',
    'waits-for-you': 'The account waits until you have looked after it. No mail is lost.',
    'stays-here': 'The mail was not taken. It stays here, as you wrote it.',
  },
  whose: {
    weather: 'It lies with the server or the network.',
    mail: 'It is about this mail.',
    account: 'It is about your account.',
    recipient: 'It is about the recipient.',
  },
  help: 'How to sign in at {{provider}}',
  cause: {
    busy: {
      title: 'The server is busy',
      meaning: 'It takes no mail at this moment. This has nothing to do with your mail.',
      remedy: 'Nothing to do.',
    },
    'going-down': {
      title: 'The server ended the connection',
      meaning: 'It is being restarted, or it had waited too long. This has nothing to do with your mail.',
      remedy: 'Nothing to do.',
    },
    greylisted: {
      title: 'The server asks to come back in a few minutes',
      meaning: 'It does that with senders it does not know yet, because junk mailers do not come back.',
      remedy: 'Nothing to do.',
    },
    'server-full': {
      title: 'The server has no room on its disk',
      meaning:
        'The server itself is full, not a mailbox. This has nothing to do with your mail or its readers.',
      remedy: 'Nothing to do. If it lasts, tell whoever runs the server.',
    },
    'server-trouble': {
      title: 'The server has a fault of its own',
      meaning: 'Something in it does not work at this moment. This has nothing to do with your mail.',
      remedy: 'Nothing to do. If it lasts, tell whoever runs the server.',
    },
    'way-trouble': {
      title: 'The server cannot find or reach the next one',
      meaning: 'A name could not be looked up, or the other server does not answer it.',
      remedy: 'Check what stands after the @ if this does not pass.',
    },
    'sender-doubted': {
      title: 'The server does not trust the sender yet',
      meaning: 'It judges by the network that the mail comes from, or by how much came from there lately.',
      remedy: 'Nothing to do. If it lasts, ask your provider.',
    },
    'login-not-now': {
      title: 'The server cannot check passwords right now',
      meaning: 'It says nothing about yours, which may well be right.',
      remedy: 'Nothing to do.',
    },
    'tls-not-now': {
      title: 'The server cannot encrypt right now',
      meaning: 'Without encryption Todoke sends neither the password nor the mail.',
      remedy: 'Nothing to do. If it lasts, tell whoever runs the server.',
    },
    'wrong-password': {
      title: 'User name or password are not right',
      meaning: 'The server did not let you in.',
      remedy:
        'Type them again. Many providers want an app password, made for mail programs, instead of your own.',
    },
    'app-password-needed': {
      title: 'This provider wants an app password',
      meaning: 'Your own password is only for its web pages. Mail programs need one made for them.',
      remedy: 'Make an app password at the provider and type it into the account.',
    },
    'browser-sign-in-needed': {
      title: 'The provider wants to see you in the browser first',
      meaning: 'It does not know this computer, and wants to be sure that it is you.',
      remedy: 'Sign in to its web page, answer what it asks, and try again.',
    },
    'password-sign-in-off': {
      title: 'This provider lets nobody in with a password',
      meaning: 'It is switched off for your account or your organisation. The password may well be right.',
      remedy: 'Ask whoever looks after the account to allow it (“SMTP AUTH”), or use another server.',
    },
    'password-change-needed': {
      title: 'The password has to be renewed',
      meaning: 'The server knows you, but wants a new password.',
      remedy: 'Set a new one at the provider, then type it into the account.',
    },
    'account-locked': {
      title: 'Your account is locked at the provider',
      meaning: 'It may not send at this time, whatever the mail.',
      remedy: 'Sign in to its web page, or ask the provider why.',
    },
    'login-required': {
      title: 'The server wants you to sign in',
      meaning: 'It takes no mail without a user name and a password.',
      remedy: 'Give both in the account, under Sending.',
    },
    'encryption-required': {
      title: 'The server wants an encrypted connection',
      meaning: 'The account is set to send without encryption.',
      remedy: 'Choose encryption in the account, under Sending.',
    },
    'mechanism-refused': {
      title: 'The server does not take this way of signing in',
      meaning: 'It is about how the password is sent, not about the password.',
      remedy: 'Check port and encryption. Some providers let mail programs in only after a setting there.',
    },
    'slowed-down': {
      title: 'The server wants you to slow down',
      meaning: 'Too many sign-ins, connections or mails came in a short time.',
      remedy: 'Nothing to do.',
    },
    'sending-limit': {
      title: 'You have sent as much as the provider allows',
      meaning: 'There is a limit per hour or day, and it is reached.',
      remedy: 'Wait, or ask the provider for a higher limit.',
    },
    'too-big': {
      title: 'The mail is too big',
      meaning: 'The server takes none of this size.',
      remedy: 'Remove or shrink an attachment.',
    },
    'taken-for-spam': {
      title: 'The server takes the mail for junk',
      meaning: 'Something in the mail, or in how it was sent, looks like junk to a filter.',
      remedy: 'Change the text, above all links, and send it again; or ask your provider.',
    },
    virus: {
      title: 'The server found a virus or a fraud in the mail',
      meaning: 'A filter may be wrong, but it may also be right.',
      remedy: 'Check the attachments and links before you send anything again.',
    },
    'attachment-forbidden': {
      title: 'The server does not take this kind of attachment',
      meaning: 'Programs and packed files are often not let through.',
      remedy: 'Remove it, or share it in another way.',
    },
    'against-policy': {
      title: 'A rule of the server forbids this mail',
      meaning: 'The server does not say more exactly which rule it is.',
      remedy: 'Read its own words. If they do not help, ask your provider or the recipient.',
    },
    'sender-not-yours': {
      title: 'You may not send from this address',
      meaning: 'For the server, the address in From does not belong to the account you signed in with.',
      remedy: 'Choose the address that belongs to the account, or let the provider allow this one.',
    },
    'sender-unknown': {
      title: 'The server does not know your address',
      meaning:
        'The address in From, or what stands after its @, does not exist as far as the server can see.',
      remedy: 'Check your address in the account.',
    },
    'sender-unproven': {
      title: 'It is not proved that the mail comes from you',
      meaning: 'Your domain and the server you send over do not vouch for each other (SPF, DKIM, DMARC).',
      remedy: 'Send over the server of your address, or ask whoever looks after the domain.',
    },
    'address-blocked': {
      title: 'The network you send from is on a block list',
      meaning: 'It is about the network or the server, not about your mail.',
      remedy: 'Send over your provider’s server, or from another network; or tell your provider.',
    },
    'malformed-mail': {
      title: 'The server cannot make sense of the mail',
      meaning: 'It misses something, or does not take a line as it is.',
      remedy: 'Read the server’s words. If Todoke wrote the mail, please report this.',
    },
    'letters-not-taken': {
      title: 'The server cannot carry these letters',
      meaning: 'An address has letters beyond ASCII, and a server on the way does not take such addresses.',
      remedy: 'Use another address of this person.',
    },
    'too-many-recipients': {
      title: 'Too many recipients at once',
      meaning: 'The server takes only so many with one mail.',
      remedy: 'Send it to fewer people at a time.',
    },
    'relay-denied': {
      title: 'The server does not send on to this address',
      meaning: 'It takes mail only for its own people, or only from those who signed in.',
      remedy: 'Check the account, under Sending: server, port and sign-in. Check the address too.',
    },
    'out-of-step': {
      title: 'The server did not take a command',
      meaning: 'It expected something else at this point.',
      remedy: 'Check server and port. If they are right, please report this.',
    },
    looping: {
      title: 'The mail would go round in a circle',
      meaning: 'Servers hand it to each other, because one forwards it back.',
      remedy: 'Tell the recipient, or whoever looks after the address.',
    },
    'recipient-unknown': {
      title: 'There is no such address',
      meaning: 'The server knows nobody of this name.',
      remedy: 'Check the address letter by letter.',
    },
    'recipient-unchecked': {
      title: 'The address could not be checked yet',
      meaning: 'The server does not know yet whether it exists, or the mailbox is in use.',
      remedy: 'Nothing to do for now.',
    },
    'domain-unknown': {
      title: 'What stands after the @ does not exist',
      meaning: 'There is no such domain for mail.',
      remedy: 'Check the address: a letter may be missing.',
    },
    'domain-takes-no-mail': {
      title: 'This domain takes no mail',
      meaning: 'It exists, but says that nobody there can be written to.',
      remedy: 'Ask for another address of this person.',
    },
    'recipient-malformed': {
      title: 'The server cannot read the address',
      meaning: 'It is not written as the server expects it.',
      remedy: 'Check the address for strange signs.',
    },
    'mailbox-full': {
      title: 'The mailbox of the recipient is full',
      meaning: 'The address is right, but nothing more goes in.',
      remedy: 'Tell the person in another way.',
    },
    'mailbox-closed': {
      title: 'The mailbox of the recipient is closed',
      meaning: 'The address existed, but takes no mail at this time.',
      remedy: 'Ask for another address of this person.',
    },
    'recipient-moved': {
      title: 'The recipient has another address now',
      meaning: 'The server does not pass mail on to it.',
      remedy: 'Read the server’s words: they may name the new address. Check it before you use it.',
    },
    'recipient-declines': {
      title: 'The recipient does not take mail from you',
      meaning: 'The address takes mail only from certain people, or has blocked you.',
      remedy: 'Ask the person in another way.',
    },
    'recipient-overrun': {
      title: 'The recipient gets too much mail right now',
      meaning: 'It is about how much others send there, not about your mail.',
      remedy: 'Nothing to do.',
    },
    unknown: {
      title: 'The server refused, and it is unknown why',
      meaning: 'Todoke does not know this answer, and does not guess.',
      remedy: 'Read the server’s words, or ask whoever runs the server.',
    },
    'no-answer': {
      title: 'The server gave an answer that makes no sense',
      meaning: 'It is not what a mail server says at this point. It may not be one.',
      remedy: 'Check server and port.',
    },
  },
} as const
