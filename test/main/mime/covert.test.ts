/** Covert content: what a reader never saw does not travel on in a quote, and what they saw does. */

import { describe, expect, test } from 'vitest'
import { picturesOf, writeLetter } from '../../../main/mime/letter.ts'
import { letterText } from '../../../main/mime/letter-text.ts'
import { readQuotable, seenLetter } from '../../../main/mime/quotable.ts'

const quote = (html: string, pictures: string[] = []) => {
  const letter = seenLetter(html, new Set(pictures))
  return letter === null
    ? null
    : { text: letterText(letter), html: writeLetter(letter), pictures: picturesOf(letter) }
}

const S = 'SECRET'
const styled = (css: string, body: string) =>
  `<html><head><style>${css}</style></head><body><p>seen</p>${body}</body></html>`
const inline = (style: string, tag = 'div') => `<p>seen</p><${tag} style="${style}">${S}</${tag}>`

const HIDDEN: [string, string][] = [
  ['display: none', inline('display:none')],
  ['display: none, written to be missed', inline('/**/DISPLAY : /* x */ n\\6fne !important')],
  ['visibility', inline('visibility:hidden')],
  ['visibility collapse', inline('visibility:collapse')],
  ['the attribute hidden', `<p>seen</p><div hidden>${S}</div>`],
  ['opacity', inline('opacity:0')],
  ['opacity in percent', inline('opacity:1%')],
  ['a font of no size', inline('font-size:0', 'span')],
  ['a font of one pixel', inline('font:1px/1 serif', 'span')],
  ['a font of a tiny part', inline('font-size:0.01em', 'span')],
  ['no height and what flows over cut', inline('height:0;overflow:hidden')],
  ['a height of at most nothing', inline('max-height:0px;overflow:hidden;mso-hide:all')],
  ['no width', inline('width:0;overflow:clip')],
  [
    'a cell of no height',
    `<p>seen</p><table><tr><td style="height:0;overflow:hidden">${S}</td><td>x</td></tr></table>`,
  ],
  ['white on white', inline('color:#fff')],
  ['nearly white on white', inline('color:rgb(252 253 251)')],
  ['white by name, in a font element', `<p>seen</p><font color="white">${S}</font>`],
  ['snow, which is as white', inline('color:snow')],
  ['white in a colour space few know', inline('color:oklch(99% 0.01 100)')],
  ['transparent letters', inline('color:transparent')],
  ['letters with no alpha', inline('color:rgba(0,0,0,.02)')],
  ['letters filled with white', inline('-webkit-text-fill-color:#fff')],
  ['black on black', inline('background:#000;color:#010101')],
  ['black on black by attribute', `<p>seen</p><table bgcolor="#211d18"><tr><td>${S}</td></tr></table>`],
  ['white on a gradient of white', inline('background:linear-gradient(#fff,#fefefe);color:#fff')],
  [
    'the colour of the ground above it',
    `<div style="background:#123456"><p style="color:#fff">seen</p><p style="color:#123457">${S}</p></div>`,
  ],
  ['off the left side', inline('position:absolute;left:-9999px')],
  ['off the top, by a calculation', inline('position:fixed;top:calc(-100vh - 10px)')],
  ['indented out of sight', inline('text-indent:-9999px')],
  ['a margin that pulls it away', inline('margin-left:-5000px')],
  ['moved by a transformation', inline('transform:translateX(-5000px)')],
  ['made a point', inline('transform:scale(0)')],
  ['clipped', inline('clip:rect(0 0 0 0);position:absolute')],
  ['clipped by a path', inline('clip-path:inset(100%)')],
  ['masked', inline('mask-image:linear-gradient(transparent,transparent)')],
  ['filtered away', inline('filter:opacity(0)')],
  ['behind everything', inline('position:relative;z-index:-1')],
  ['letters on top of each other', inline('letter-spacing:-1em')],
  ['content-visibility', inline('content-visibility:hidden')],
  ['a style sheet', styled('.x{display:none}', `<div class="x">${S}</div>`)],
  [
    'a style sheet by id and descent',
    styled('#a>div p{color:#fff!important}', `<div id="a"><div><p style="color:#000">${S}</p></div></div>`),
  ],
  [
    'a style sheet for narrow windows',
    styled('@media (max-width:834px){.x{display:none}}', `<div class="x">${S}</div>`),
  ],
  [
    'a style sheet for wide windows',
    styled('@media screen and (min-width:835px){.x{display:none}}', `<div class="x">${S}</div>`),
  ],
  [
    'two media within each other',
    styled('@media screen{@media (min-height:1px){.x{font-size:0}}}', `<div class="x">${S}</div>`),
  ],
  [
    'the dark look alone',
    styled('@media (prefers-color-scheme:dark){.x{display:none}}', `<div class="x">${S}</div>`),
  ],
  [
    'white letters, black ones only in a window that no one has',
    styled('.x{color:#fff}@media (max-width:9px){.x{color:#000}}', `<div class="x">${S}</div>`),
  ],
  [
    'shown only in a reply',
    styled('.x{display:none}blockquote .x{display:block}', `<div class="x">${S}</div>`),
  ],
  [
    'shown only in print',
    styled('.x{display:none}@media print{.x{display:block}}', `<div class="x">${S}</div>`),
  ],
  ['shown only under a pointer', styled('.x{opacity:0}.x:hover{opacity:1}', `<div class="x">${S}</div>`)],
  ['not outside of a quote', styled(':not(blockquote) > .x{display:none}', `<div class="x">${S}</div>`)],
  [
    'a selector that few programs know',
    styled('div:has(> b){font-size:0}', `<div class="x"><b>${S}</b></div>`),
  ],
  ['a style sheet in the body', `<p>seen</p><style>.x{display:none}</style><div class="x">${S}</div>`],
  ['a comment', `<p>seen</p><!-- ${S} -->`],
  ['a condition for one program', `<p>seen</p><!--[if mso]><p>${S}</p><![endif]-->`],
  [
    'a script, a style, a title, a template',
    `<title>${S}</title><p>seen</p><script>${S}</script><template>${S}</template>`,
  ],
  ['a drawing', `<p>seen</p><svg><text>${S}</text></svg><math><mi>${S}</mi></math>`],
  [
    'fields of a form',
    `<p>seen</p><input value="${S}"><textarea>${S}</textarea><select><option>${S}</option></select>`,
  ],
  ['attributes', `<p title="${S}" data-x="${S}" aria-label="${S}" class="${S}">seen</p>`],
  [
    'an ancestor that is not shown',
    `<p>seen</p><div style="display:none"><div style="display:block">${S}</div></div>`,
  ],
  [
    'markup that two parsers read differently',
    `<p>seen</p><div style="display:none"><table></div><tr><td>${S}</td></tr></table></div>`,
  ],
]

describe('left out of a quote is what is hidden by', () => {
  test.each(HIDDEN)('%s', (_, html) => {
    const quoted = quote(html)
    expect(JSON.stringify(quoted)).not.toContain(S)
    expect(quoted?.text).toContain('seen')
  })
})

describe('left out of a quote is what is remote', () => {
  test.each([
    ['a picture', '<img src="https://evil.example/p.png" alt="Plan">', '[Plan]'],
    ['a picture without a word', '<img src="//evil.example/p.png">', ''],
    ['a set of pictures', '<img srcset="https://evil.example/p.png 2x" alt="Plan">', '[Plan]'],
    ['a background', '<p style="background:url(https://evil.example/x)">words</p>', 'words'],
    [
      'a style sheet',
      '<link rel=stylesheet href="https://evil.example/x.css"><style>@import "https://evil.example"</style>words',
      'words',
    ],
    ['a frame', '<iframe src="https://evil.example">words</iframe>', ''],
    ['a video', '<video src="https://evil.example" poster="https://evil.example">words</video>', ''],
    ['a data address', '<img src="data:image/png;base64,AAAA" alt="Plan">', '[Plan]'],
    ['a picture that did not come along', '<img src="cid:other" alt="Plan">', '[Plan]'],
  ])('%s', (_, html, text) => {
    const quoted = quote(html)
    expect(quoted?.text).toBe(text)
    expect(quoted?.html).not.toMatch(/evil|src=|url\(|style/i)
  })
})

describe('a quote keeps what was seen', () => {
  test.each([
    [
      'white letters on a dark button',
      '<div style="background:#0066cc"><a style="color:#fff" href="https://example.org/">Go</a></div>',
      'Go <https://example.org/>',
    ],
    [
      'a mail for the dark look too',
      styled(
        '@media (prefers-color-scheme:dark){body,p{background:#000;color:#fff!important}}',
        '<p>words</p>',
      ),
      'seen\n\nwords',
    ],
    [
      'letters whose parent has no size',
      '<td style="font-size:0"><div style="font-size:14px">words</div></td>',
      'words',
    ],
    ['grey letters', '<p style="color:#999">small print</p>', 'small print'],
    ['what print hides', styled('@media print{p{display:none}}', '<p>words</p>'), 'seen\n\nwords'],
    ['a rule that nothing is true of', styled('.y{display:none}', '<p class="x">words</p>'), 'seen\n\nwords'],
    [
      'what an inline style shows again',
      styled('.x{color:#fff}', '<p class="x" style="color:#222">words</p>'),
      'seen\n\nwords',
    ],
    ['a narrow cell', '<table><tr><td style="width:1px">a</td><td>b</td></tr></table>', 'a  b'],
  ])('%s', (_, html, text) => expect(quote(html)?.text).toBe(text))

  test('in a safe form: no style, no script, links that lead somewhere', () => {
    const html =
      '<div dir="ltr" onclick="x()">Hi<br><a href="javascript:x()">bad</a> <a href="https://example.org/?a=1&amp;b=2">good</a></div>' +
      '<table role="presentation"><tr><td><b>Big</b></td></tr><tr><td><table><tr><th>a</th><td>1</td></tr></table></td></tr></table>'
    expect(quote(html)?.html).toBe(
      '<p dir="ltr">Hi<br>bad <a href="https://example.org/?a=1&amp;b=2">good</a></p>\n' +
        '<p><strong>Big</strong></p>\n<table><tbody><tr><th>a</th><td>1</td></tr></tbody></table>',
    )
  })

  test('pictures that came with the mail', () => {
    expect(quote('<p>x <img src="cid:a@b" width="99" alt="A"></p>', ['a@b'])).toEqual({
      text: 'x [A]',
      html: '<p>x <img src="cid:a@b" alt="A" width="99"></p>',
      pictures: ['a@b'],
    })
  })
})

describe('html that cannot be weighed is not quoted', () => {
  test.each([
    ['nested a hundred thousand deep', '<div>'.repeat(100_000)],
    ['more than four million characters', `<p>${'x'.repeat(4_000_001)}</p>`],
    [
      'ten thousand rules',
      styled(Array.from({ length: 10_000 }, (_, n) => `.c${n}{color:red}`).join(''), ''),
    ],
  ])('%s', (_, html) => expect(quote(html)).toBeNull())
})

test('the plain part beside a shown html part is not what was seen', async () => {
  const source = Buffer.from(
    [
      'From: a@example.org',
      'Content-Type: multipart/alternative; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      S,
      '--x',
      'Content-Type: text/html',
      '',
      `<p>seen</p><p style="display:none">${S}</p>`,
      '--x--',
      '',
    ].join('\r\n'),
  )
  const quotable = await readQuotable(source)
  expect([quotable.text, quotable.html]).toEqual(['seen', '<p>seen</p>'])
})
