/**
 * The fields of a template in a letter (`{{name}}`): shown as what is still to be written, and once a template was put
 * in, Tab goes from one to the next. Refuses to hold the Tab key where there is no next one, and to touch a quote.
 */

import { type Editor, Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { fieldPlaces } from '../../../shared/merge.ts'
import { isComposing } from '../../ui/ime.ts'

type Range = { from: number; to: number }
type Fields = {
  shown: DecorationSet
  /** Tab goes from field to field. */
  isFilling: boolean
  /** What was composed with an input method and is looked at when that is over. */
  unread: Range | null
}

const key = new PluginKey<Fields>('letterFields')
const LEAF = '\ufffc'

export const LetterFields = Extension.create({
  name: 'letterFields',
  addProseMirrorPlugins: () => [
    new Plugin<Fields>({
      key,
      state: {
        init: (_config, { doc }) => ({ shown: fieldsOf(doc), isFilling: false, unread: null }),
        apply(transaction, before) {
          const isFilling: unknown = transaction.getMeta(key) ?? before.isFilling
          const after = { ...before, isFilling: isFilling === true }
          return transaction.docChanged ? follow(transaction, after) : after
        },
      },
      props: { decorations: state => key.getState(state)?.shown },
    }),
  ],
})

/** Only the lines that changed are read again: a long letter costs no more than a short one. */
function follow(transaction: Transaction, { shown, isFilling, unread }: Fields): Fields {
  const { mapping, doc } = transaction
  const kept = shown.map(mapping, doc)
  const changed = join(
    unread && { from: mapping.map(unread.from, -1), to: mapping.map(unread.to, 1) },
    changedRange(transaction),
  )
  // New marks around a word that is being composed would end its composition.
  const isComposed = transaction.getMeta('composition') !== undefined
  if (changed === null || isComposed) return { shown: kept, isFilling, unread: changed }
  let next = kept
  eachLine(doc, changed, (line, start) => {
    const old = next.find(start, start + line.content.size)
    const fields = fieldsOfLine(line, start)
    if (old.length > 0) next = next.remove(old)
    if (fields.length > 0) next = next.add(doc, fields)
  })
  return { shown: next, isFilling, unread: null }
}

function join(left: Range | null, right: Range | null): Range | null {
  if (left === null || right === null) return left ?? right
  return { from: Math.min(left.from, right.from), to: Math.max(left.to, right.to) }
}

function changedRange({ mapping }: Transaction): Range | null {
  let range: Range | null = null
  for (const [index, map] of mapping.maps.entries()) {
    const later = mapping.slice(index + 1)
    map.forEach((_from, _to, from, to) => {
      range = join(range, { from: later.map(from, -1), to: later.map(to, 1) })
    })
  }
  return range
}

function eachLine(doc: Node, { from, to }: Range, read: (line: Node, start: number) => void): void {
  const end = Math.min(Math.max(to, from + 1), doc.content.size)
  doc.nodesBetween(Math.min(from, end), end, (node, position) => {
    if (node.type.name === 'blockquote' && node.attrs.isCited === true) return false
    if (!node.isTextblock) return true
    read(node, position + 1)
    return false
  })
}

function fieldsOf(doc: Node): DecorationSet {
  const fields: Decoration[] = []
  eachLine(doc, { from: 0, to: doc.content.size }, (line, start) => fields.push(...fieldsOfLine(line, start)))
  return DecorationSet.create(doc, fields)
}

function fieldsOfLine(line: Node, start: number): Decoration[] {
  const text = line.textBetween(0, line.content.size, undefined, LEAF)
  if (!text.includes('{{')) return []
  return fieldPlaces(text).map(({ from, to }) =>
    Decoration.inline(start + from, start + to, { class: 'letter-field' }),
  )
}

function placesOf(editor: Editor): Range[] {
  const shown = key.getState(editor.state)?.shown.find() ?? []
  return shown.map(({ from, to }) => ({ from, to })).sort((left, right) => left.from - right.from)
}

function choose({ view }: Editor, { from, to }: Range): void {
  const transaction = view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to))
  view.dispatch(transaction.setMeta(key, true).scrollIntoView())
}

/** Chooses the first field of what was just put in, if it has one; from there Tab goes on. */
export function fillFieldsIn(editor: Editor, within: Range): void {
  const first = placesOf(editor).find(({ from, to }) => from >= within.from && to <= within.to)
  if (first !== undefined) choose(editor, first)
}

/** The Tab key, where it goes to another field. With none left it is a Tab like any other again. */
export function takeFieldKey(editor: Editor, event: KeyboardEvent): boolean {
  if (event.key !== 'Tab' || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey)
    return false
  const { from, to } = editor.state.selection
  const places = placesOf(editor)
  const isOnField = places.some(place => place.from <= to && place.to >= from)
  const isFilling = key.getState(editor.state)?.isFilling === true
  if (!isFilling && !isOnField) return false
  const next = event.shiftKey
    ? places.findLast(place => place.to <= from && place.from < from)
    : places.find(place => place.from >= to)
  if (next !== undefined) {
    choose(editor, next)
    event.preventDefault()
    return true
  }
  editor.view.dispatch(editor.state.tr.setMeta(key, false))
  return false
}
