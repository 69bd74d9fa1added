/** What a clipboard can hold that a mail cannot: Word, other editors, and forgeries of our own copies. */

const REMOTE = 'https://evil.example/x'
const RUN = 'window.hasRun=true'

export const hostilePastes: Record<string, string> = {
  'a Word document with a linked picture': `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head><link rel=File-List href="${REMOTE}/filelist.xml"><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--><style>@import url(${REMOTE}.css); p.MsoNormal{margin:0}</style></head><body><p class=MsoNormal>x<!--[if gte vml 1]><v:shape><v:imagedata src="${REMOTE}.png" o:href="${REMOTE}.png"/></v:shape><![endif]--><![if !vml]><img src="${REMOTE}.png" v:shapes="_x0000_i1025"><![endif]></p></body></html>`,
  'a Word object': `<o:OLEObject Type="Link" ProgID="Excel" ShapeID="x" UpdateMode="Always" LinkType="${REMOTE}"></o:OLEObject><w:sdt DocPart="${REMOTE}">x</w:sdt>`,
  'a vml fill': `<v:rect style="width:1px"><v:fill src="${REMOTE}.png" type="frame"/><v:background fill="t"><v:fill src="${REMOTE}"/></v:background></v:rect>`,
  'a picture of this machine': '<img src="file:///etc/passwd"><img src="C:\\\\Windows\\\\x.png">',
  'a blob picture': '<img src="blob:https://evil.example/0e"><img src="filesystem:https://evil.example/x">',
  'a forged copy of ours': `<div data-pm-slice='0 0 ["blockquote",{"isCited":"x\\" onload=\\"${RUN}"}]'><p onclick="${RUN}">x</p></div>`,
  'a forged copy with a link around it': `<p data-pm-slice='1 1 ["orderedList",{"start":"1\\" onmouseover=\\"${RUN}"},"listItem",{}]'><a href="javascript:${RUN}">x</a></p>`,
  'a Content-ID that ends its attribute': `<img src="cid:x&quot; onerror=&quot;${RUN}"><img src='cid:x%22%20onerror=%22${RUN}'>`,
  'a link that ends its attribute': `<a href="https://a.example/&quot; onmouseover=&quot;${RUN}">x</a>`,
  'a description that ends its attribute': `<img src="cid:x@y" alt="&quot;><script>${RUN}</script>">`,
  'a size that is more': `<img src="cid:x@y" width="1&quot; onerror=&quot;${RUN}" height="1e9">`,
  'a list that begins with more': `<ol start="1&quot; onclick=&quot;${RUN}"><li>x</li></ol>`,
  'a cell that spans more': `<table><tr><td colspan="2&quot; onclick=&quot;${RUN}" background="${REMOTE}">x</td></tr></table>`,
  'a direction that is more': `<p dir="rtl&quot; onclick=&quot;${RUN}">x</p>`,
  'vbscript and file links': `<a href="vbscript:msgbox(1)">x</a><a href="file:///etc/passwd">y</a><a href="\\\\evil.example\\share">z</a>`,
  'a link with control characters': `<a href="\u0001javascript:${RUN}">x</a><a href="java&#10;script:${RUN}">y</a><a href="jav&Tab;ascript:${RUN}">z</a>`,
  'a link without a host': `<a href="https:javascript:${RUN}">x</a><a href="//evil.example">y</a><a href="/x">z</a>`,
  'an editable page': `<div contenteditable onfocus="${RUN}" autofocus tabindex=0>x</div><input autofocus onfocus="${RUN}">`,
  'an xml data island': `<xml id=x><a><b>&lt;img src=x onerror=${RUN}&gt;</b></a></xml><?xml-stylesheet href="${REMOTE}"?>`,
  'a custom element': `<x-y onclick="${RUN}" style="background:url(${REMOTE})"><p is="x-z" onanimationstart="${RUN}">x</p></x-y>`,
  'a shadow root': `<div><template shadowrootmode="open"><img src=x onerror="${RUN}"><slot></slot></template>x</div>`,
  'deep nesting with a script below': `${'<div><b>'.repeat(600)}<script>${RUN}</script><img src=x onerror="${RUN}">${'</b></div>'.repeat(600)}`,
}
