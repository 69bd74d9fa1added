/** The beginning of a text, for where there is only so much room. Refuses to split a sign between its two halves. */

/** At most `most` UTF-16 units; one less where the last would be the first half of a surrogate pair. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}
