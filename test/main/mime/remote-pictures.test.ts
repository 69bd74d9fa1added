import { expect, test } from 'vitest'
import { remotePicturesOf } from '../../../main/mime/remote-pictures.ts'

const A = 'https://pictures.example/a.png'

test.each([
  ['an image', `<img src="${A}">`, [A]],
  [
    'an image with entities in its address',
    '<img src=" https://x.example/?a=1&amp;b=2 ">',
    ['https://x.example/?a=1&b=2'],
  ],
  ['an image without a scheme', '<img src="//x.example/a.png">', ['//x.example/a.png']],
  ['the same image twice', `<img src="${A}"><img src="${A}">`, [A]],
  ['the picture behind a table', `<table background="${A}">`, [A]],
  ['a picture of a style attribute', `<p style="background:url('${A}')">`, [A]],
  ['a picture of a style sheet', `<style>.a{background:url(${A})}</style>`, [A]],
  ['no style sheet of another place', `<style>@import url(${A});</style>`, []],
  ['no font', `<style>@font-face{font-family:x;src:url("${A}")}</style>`, []],
  ['no inline image', '<img src="cid:logo"><img src="data:image/png;base64,AA==">', []],
  [
    'nothing of another scheme',
    '<img src="file:///etc/passwd"><img src="javascript:1"><img src="ftp://x/a">',
    [],
  ],
  [
    'no link, frame or film',
    `<a href="${A}">a</a><iframe src="${A}"></iframe><video src="${A}"></video>`,
    [],
  ],
  ['nothing where there is no html', '', []],
])('a mail wants %s', (_name, html, urls) => {
  expect(remotePicturesOf(html)).toEqual({ urls, trackers: 0 })
})

test.each([
  ['one pixel wide', `<img src="${A}" width="1" height="1">`],
  ['one pixel by its style', `<img src="${A}" style="width:1px; height: 1px !important">`],
  ['not shown at all', `<img src="${A}" style="display:none">`],
  ['hidden', `<img src="${A}" style="border:0;visibility: hidden">`],
  ['of no height', `<img src="${A}" height=0>`],
])('a picture that is %s is a tracker, and not wanted', (_name, html) => {
  expect(remotePicturesOf(html)).toEqual({ urls: [], trackers: 1 })
})

test('a picture that is shown elsewhere too stays out where one of its places is a pixel', () => {
  expect(remotePicturesOf(`<img src="${A}"><img src="${A}" width="1">`)).toEqual({ urls: [], trackers: 1 })
})

test('html nested without end wants nothing and does not throw', () => {
  expect(remotePicturesOf(`${'<div>'.repeat(100_000)}<img src="${A}">`)).toEqual({ urls: [], trackers: 0 })
})
