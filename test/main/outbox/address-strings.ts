// What people type and paste into a field of recipients, and what somebody may put there on purpose.

/** 200 ways to write an address, good and bad. */
export function addressStrings(): string[] {
  const names = [
    '',
    'Bob',
    '"Bob, Jr."',
    'Müller',
    '田中 由紀',
    '"a@b.c"',
    'Bob (work)',
    '"\\"q\\""',
    '=?utf-8?Q?x?=',
    'x;y',
  ]
  const addresses = [
    'bob@example.org',
    'b.o.b@sub.example.org',
    'bob+tag@example.org',
    "o'neil@example.org",
    '"quoted local"@example.org',
    '"q"@example.org',
    'bob@例子.jp',
    '用户@例子.公司',
    'BOB@EXAMPLE.ORG',
    'bob@localhost',
    'bob@[192.0.2.1]',
    'a@b,c@d',
    'bob@example.org;eve@evil.test',
    'bob@exa\u2028mple.org',
    'bob@example.org\r\nBcc: e@e',
    'bob',
    '@example.org',
    'bob@',
    'bob@@example.org',
    '<bob@example.org>, eve@evil.test',
  ]
  return names.flatMap(name => addresses.map(address => (name === '' ? address : `${name} <${address}>`)))
}
