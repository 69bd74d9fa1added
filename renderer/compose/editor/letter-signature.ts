/**
 * The signature in a letter that is being written: where one can write above it, and one put in the place of another.
 * One undo takes that back; the cursor stays where it is. Refuses to touch a signature that the writer changed.
 */

import type { Editor } from '@tiptap/core'
import { closeHistory } from '@tiptap/pm/history'
import { Fragment, type Node } from '@tiptap/pm/model'
import type { Signature } from '../../../shared/model.ts'
import { SIGNATURE_MARK, type SignedPiece, signatureBlock, worded } from '../../../shared/signature.ts'
import { wordsOfFragment } from './letter-writer.ts'
import type { SignatureChange } from './surface.ts'

/** Blocks of a letter, from one up to but not including another. */
type Span = { from: number; to: number }

const isMark = (words: string) => words.trimEnd() === SIGNATURE_MARK.trimEnd()
const wordsOf = (block: Node) => wordsOfFragment(Fragment.from(block))
const blocksOf = (letter: Node) => Array.from({ length: letter.childCount }, (_, at) => letter.child(at))

/** `lettered` makes blocks of a piece as this editor would hold it. */
export function changeSignature(
  editor: Editor,
  { before, after, place }: SignatureChange,
  lettered: (piece: SignedPiece) => Node,
): void {
  const [known, next] = [worded(before), worded(after)]
  const { doc } = editor.state
  const blocks = blocksOf(doc)
  const linesOf = (signature: Signature) => lettered(signatureBlock(signature, false))
  if (known !== null) {
    const found = spanOf(blocks, wordsOf(linesOf(known)), place)
    // What was changed, or taken out, is the writer's.
    if (found === null) return
    replaceBlocks(editor, found, next === null ? [] : blocksOf(linesOf(next)))
  } else if (next !== null) {
    const at = freePlace(blocks, place)
    if (at === null) return
    const closesLetter = at === blocks.length
    const line = editor.schema.nodes.paragraph?.create()
    const free = line === undefined ? [] : Array<Node>(linesMissing(blocks, at)).fill(line)
    const block = blocksOf(lettered(signatureBlock(next, closesLetter)))
    const below = closesLetter || line === undefined ? [] : [line]
    replaceBlocks(editor, { from: at, to: at }, [...free, ...block, ...below])
  }
}

/** Where these words stand as whole blocks; a signature that goes takes its mark along. */
function spanOf(blocks: readonly Node[], words: string, place: SignatureChange['place']): Span | null {
  const lines = blocks.flatMap((block, index) =>
    wordsOf(block)
      .split('\n')
      .map(line => ({ line: line.trimEnd(), index })),
  )
  const wanted = words.split('\n').map(line => line.trimEnd())
  const isThere = (_: unknown, at: number) => {
    const first = lines[at]
    const last = lines[at + wanted.length - 1]
    if (first === undefined || last === undefined) return false
    const isWhole = lines[at - 1]?.index !== first.index && lines[at + wanted.length]?.index !== last.index
    return isWhole && wanted.every((line, step) => lines[at + step]?.line === line)
  }
  const at = place === 'under-answer' ? lines.findIndex(isThere) : lines.findLastIndex(isThere)
  const first = lines[at]
  const last = lines[at + wanted.length - 1]
  return first === undefined || last === undefined ? null : { from: first.index, to: last.index + 1 }
}

/** With nothing to put there, the mark above goes too. */
function replaceBlocks(editor: Editor, { from, to }: Span, blocks: readonly Node[]): void {
  const { doc, tr } = editor.state
  const isMarked = from > 0 && isMark(wordsOf(doc.child(from - 1)))
  const first = blocks.length === 0 && isMarked ? from - 1 : from
  const isAll = blocks.length === 0 && first === 0 && to === doc.childCount
  const line = editor.schema.nodes.paragraph?.create()
  const content = isAll && line !== undefined ? [line] : blocks
  closeHistory(tr).replaceWith(positionOf(doc, first), positionOf(doc, to), content)
  editor.view.dispatch(tr)
  // What is typed next is a change of its own.
  editor.view.dispatch(closeHistory(editor.state.tr))
}

/** Where the block of that index begins. */
export function positionOf(doc: Node, index: number): number {
  return blocksOf(doc)
    .slice(0, index)
    .reduce((position, block) => position + block.nodeSize, 0)
}

const FORWARDED = /^-{10} \S.* -{10}$/

/** Before which block a first signature belongs; null where the writer has signed already. */
function freePlace(blocks: readonly Node[], place: SignatureChange['place']): number | null {
  const words = blocks.map(wordsOf)
  const other = words.findIndex(line => line.startsWith('>') || FORWARDED.test(line))
  const own = other < 0 ? words : words.slice(0, other)
  if (own.some(isMark)) return null
  if (other <= 0) return blocks.length
  const isIntroduced = /[:：]\s*$/.test(words[other - 1] ?? '')
  const quote = isIntroduced ? other - 1 : other
  // A letter that begins with the quote has its answer below.
  return place === 'at-end' || quote === 0 ? blocks.length : quote
}

/** One free line above a signature, and one more where nothing else is above it. */
function linesMissing(blocks: readonly Node[], at: number): number {
  const lastOwn = blocks.slice(0, at).findLastIndex(block => block.content.size > 0)
  const free = at - 1 - lastOwn
  return Math.max(0, (lastOwn < 0 ? 2 : 1) - free)
}

/** The block in which one goes on writing in a letter that is opened: its first, or the free one below a quote. */
export function blockToWrite(letter: Node): number {
  const blocks = blocksOf(letter)
  const isFree = (at: number) => blocks[at]?.content.size === 0
  if (blocks.length < 2 || isFree(0)) return 0
  const mark = blocks.findLastIndex(block => isMark(wordsOf(block)))
  const last = (mark < 0 ? blocks.length : mark) - 1
  if (!isFree(last)) return 0
  // The line right above the mark keeps the signature apart.
  return mark > 0 && isFree(last - 1) ? last - 1 : last
}
