/** The pictures of a letter that is only read, as the sanitiser takes them: Content-ID to data URL, as they come. */

import { useEffect, useRef, useState } from 'react'
import { namedContentIds } from '../../shared/letter-html.ts'
import type { DraftAttachment } from '../../shared/model.ts'
import { isPicture, type ReadFile, readAll } from './editor/pictures.ts'

type LetterPictures = {
  images: Readonly<Record<string, string>>
  /** Ids of the files that are seen in the text. */
  shown: ReadonlySet<string>
}

const NONE: LetterPictures = { images: {}, shown: new Set() }

export function useLetterPictures(
  html: string | null,
  attachments: readonly DraftAttachment[],
  readFile: ReadFile,
): LetterPictures {
  const [pictures, setPictures] = useState<LetterPictures>(NONE)
  const read = useRef(readFile)
  read.current = readFile

  useEffect(() => {
    setPictures(NONE)
    const named = namedContentIds(html ?? '')
    let isOver = false
    void (async () => {
      for (const file of attachments) {
        const { id, contentId, type, bytes } = file
        const isNamed = contentId !== undefined && named.has(contentId)
        if (!isNamed || !isPicture({ type, size: bytes })) continue
        const content = await readAll(read.current, file)
        if (isOver) return
        if (content === null) continue
        const url = await dataUrlOf(new Blob([content], { type }))
        if (isOver) return
        setPictures(({ images, shown }) => ({
          images: { ...images, [contentId]: url },
          shown: new Set([...shown, id]),
        }))
      }
    })()
    return () => {
      isOver = true
    }
  }, [html, attachments])

  return pictures
}

function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
