/** What Word puts on the clipboard for a whole document, shortened only where it repeats itself. */

const item = (style: string, list: string, mark: string, text: string) =>
  `<p class=${style} style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:${list}'><![if !supportLists]><span lang=EN-US style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;\n</span></span></span><![endif]><span lang=EN-US>${text}<o:p></o:p></span></p>`

export const WORD_DOCUMENT = `<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns:st1="urn:schemas-microsoft-com:office:smarttags"
xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document>
<title>Title of the file</title>
<o:SmartTagType namespaceuri="urn:schemas-microsoft-com:office:smarttags" name="City"/>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom></w:WordDocument></xml><![endif]-->
<style>
<!--
 /* Font Definitions */
 @font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
 p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm; font-size:12.0pt;}
 @list l0 {mso-list-id:1234; mso-list-type:hybrid;}
-->
</style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Table Normal";}</style><![endif]-->
</head>
<body lang=EN-GB link="#0563C1" style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->
<p class=MsoTitle><span lang=EN-US>Offer for the hall<o:p></o:p></span></p>
<h1 style='mso-list:none'><a name="_Toc1"></a><span
lang=EN-US>Autumn
meeting<o:p></o:p></span></h1>
<p class=MsoNormal><span lang=EN-US style='mso-bidi-font-size:9pt'>We meet in <st1:City w:st="on"><st1:place
w:st="on">Kyoto</st1:place></st1:City>, <b style='mso-bidi-font-weight:normal'>on Friday</b><span
style='mso-spacerun:yes'>  </span>&#128512;.<span class=MsoCommentReference><![if !supportAnnotations]><a class=msocomanchor href="#_msocom_1">[A1]</a><![endif]></span><o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
${item('MsoListParagraphCxSpFirst', 'l0 level1 lfo1', '·', 'tea')}
${item('MsoListParagraphCxSpMiddle', 'l0 level2 lfo1', 'o', 'green')}
${item('MsoListParagraphCxSpLast', 'l0 level1 lfo1', '·', 'cake')}
${item('MsoListParagraphCxSpFirst', 'l1 level1 lfo2', '1.', 'come')}
${item('MsoListParagraphCxSpLast', 'l1 level1 lfo2', '2.', 'go')}
<p class=MsoNormal>Then<o:p></o:p></p>
${item('MsoListParagraph', 'l1 level1 lfo2', '3.', 'rest')}
<h2><span lang=EN-US>Prices<o:p></o:p></span></h2>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
  <td width=208 valign=top style='width:155.8pt;border:solid windowtext 1.0pt'><p class=MsoNormal><b><span lang=EN-US>Room<o:p></o:p></span></b></p></td>
  <td width=208 valign=top style='background:yellow;mso-highlight:yellow'><p class=MsoNormal><span lang=EN-US>Price<o:p></o:p></span></p></td>
 </tr>
 <tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'>
  <td width=208><p class=MsoNormal><span lang=EN-US>Hall<o:p></o:p></span></p></td>
  <td width=208><p class=MsoNormal align=right><span lang=JA>18,000円<o:p></o:p></span></p></td>
 </tr>
 <![if !supportMisalignedColumns]><tr height=0><td width=208 style='border:none'></td><td width=208 style='border:none'></td></tr><![endif]>
</table>
<p class=MsoNormal><span lang=EN-US>See <a href="https://a.example/plan">the plan</a>.<del cite="mailto:x" datetime="2026-01-01">old</del><!--[if supportFields]><span style='mso-element:field-begin'></span> PAGEREF _Toc1 \\h <span style='mso-element:field-separator'></span><![endif]--> page 3<!--[if supportFields]><span style='mso-element:field-end'></span><![endif]--></span></p>
<!--EndFragment-->
<div style='mso-element:comment-list'><![if !supportAnnotations]><hr class=msocomoff align=left size=1 width="33%"><![endif]><div style='mso-element:comment'><div id="_com_1" class=msocomtxt><p class=MsoCommentText>[A1]A remark of a reader</p></div></div></div>
</body>
</html>`
