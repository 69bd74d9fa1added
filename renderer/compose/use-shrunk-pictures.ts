/** The attached pictures in smaller sizes, worked out one after the other while the ways out are looked at. */

import { useEffect, useRef, useState } from 'react'
import type { DraftAttachment } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { EDGES, type Edge, isShrinkable, type ShrunkPicture, shrinkPicture } from './shrink-picture.ts'

export type SmallerPictures = {
  /** Pictures that are still being worked on. */
  left: number
  /** For each edge what it does to the whole: bytes of the pictures that get smaller, before and after. */
  choices: { edge: Edge; before: number; after: number; files: { attachmentId: string; file: File }[] }[]
}

export function useShrunkPictures(
  draftId: string,
  attached: readonly DraftAttachment[],
  isWanted: boolean,
): SmallerPictures {
  const [shrunk, setShrunk] = useState<ReadonlyMap<string, ShrunkPicture | null>>(new Map())
  const begun = useRef(new Set<string>())
  const pictures = attached.filter(isShrinkable)
  const next = isWanted ? pictures.find(({ id }) => !shrunk.has(id)) : undefined

  // One at a time: a decoded picture can take two hundred megabytes.
  useEffect(() => {
    if (next === undefined || begun.current.has(next.id)) return
    begun.current.add(next.id)
    const stop = new AbortController()
    void shrinkPicture((method, args) => call(method, ...args), draftId, next, stop.signal).then(result => {
      begun.current.delete(next.id)
      if (!stop.signal.aborted) setShrunk(current => new Map([...current, [next.id, result]]))
    })
    return () => {
      stop.abort()
      begun.current.delete(next.id)
    }
  }, [draftId, next])

  const choices = EDGES.map(edge => {
    const files = pictures.flatMap(({ id, bytes }) => {
      const file = shrunk.get(id)?.[edge]
      return file === undefined || file === null ? [] : [{ attachmentId: id, bytes, file }]
    })
    return {
      edge,
      files,
      before: files.reduce((sum, { bytes }) => sum + bytes, 0),
      after: files.reduce((sum, { file }) => sum + file.size, 0),
    }
  }).filter(({ files }) => files.length > 0)
  return { left: pictures.filter(({ id }) => !shrunk.has(id)).length, choices }
}
