/** The attachments of one draft and the files on their way to it: one after the other, each can be stopped. */

import { useEffect, useRef, useState } from 'react'
import type { DraftAttachment } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { type FolderFile, lookThrough } from './folder-files.ts'
import type { MailFile } from './mail-file-drag.ts'
import { uploadFile } from './upload.ts'
import { bring, type UploadSource } from './upload-source.ts'

export type Upload = {
  key: number
  name: string
  type: string
  /** What it will have, as far as that is known before it is there. */
  bytes: number
  source: UploadSource
  /** A picture within the text. */
  contentId: string | undefined
  received: number
  /** A folder is looked through before it waits. */
  state: 'looking' | 'waiting' | 'running' | 'failed'
  problem: Problem | null
}

export type Attachments = {
  attached: readonly DraftAttachment[]
  uploads: readonly Upload[]
  /** Why removing one did not work. */
  problem: Problem | null
  /** `contentId` for one picture within the text. */
  add(files: readonly File[], contentId?: string): void
  /** A folder becomes one zip file; `look` finds what is in it. */
  addFolder(name: string, look: () => Promise<readonly FolderFile[]>): void
  addFromMail(files: readonly MailFile[]): void
  /** What was dropped and is neither file nor folder. */
  addUnreadable(name: string): void
  again(key: number): void
  /** Stops an upload, or takes a failed one away. */
  stop(key: number): void
  remove(attachmentId: string): void
  /** Photos whose place was left out of them, while this window is open. */
  placeTaken: ReadonlySet<string>
  /** The photo as it was, with its place. */
  keepPlace(attachmentId: string): void
  /** Puts another file in the place of one; the old one stays where that fails. Answers whether it was done. */
  replace(attachmentId: string, file: File): Promise<boolean>
  /** The program attached these by itself. */
  join(fresh: readonly DraftAttachment[]): void
  /** Why something of that did not work. */
  fail(problem: Problem): void
  /** What is attached is this now: another state of the draft was brought back. */
  take(attached: readonly DraftAttachment[]): void
}

/** Uploads under way in the whole window, for the question at its closing. */
const underWay = new Set<number>()
let nextUpload = 1
export function runningUploads(): number {
  return underWay.size
}

export function useAttachments(draftId: string, initial: readonly DraftAttachment[]): Attachments {
  const [attached, setAttached] = useState(initial)
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const [problem, setProblem] = useState<Problem | null>(null)
  const [originals, setOriginals] = useState<ReadonlyMap<string, File>>(new Map())
  const stops = useRef(new Map<number, AbortController>())
  const nextKey = useRef(1)
  const isRunning = useRef(false)
  const queue = useRef<Upload[]>([])

  // A window that goes away leaves no upload behind.
  useEffect(() => {
    const running = stops.current
    return () => {
      for (const controller of running.values()) controller.abort()
    }
  }, [])

  function change(key: number, patch: Partial<Upload>): void {
    setUploads(current => current.map(upload => (upload.key === key ? { ...upload, ...patch } : upload)))
  }

  function drop(key: number): void {
    setUploads(current => current.filter(upload => upload.key !== key))
  }

  async function uploadOne(upload: Upload): Promise<void> {
    const controller = new AbortController()
    stops.current.set(upload.key, controller)
    const running = nextUpload
    nextUpload += 1
    underWay.add(running)
    change(upload.key, { state: 'running', received: 0, problem: null })
    const { result, original } = await bring(upload.source, {
      call: (method, args) => call(method, ...args),
      draftId,
      name: upload.name,
      contentId: upload.contentId,
      signal: controller.signal,
      onProgress: received => change(upload.key, { received }),
    })
    stops.current.delete(upload.key)
    underWay.delete(running)
    if (result.ok) {
      const { id } = result.value
      setAttached(current => [...current, result.value])
      if (original !== null) setOriginals(current => new Map([...current, [id, original]]))
      drop(upload.key)
    } else if (result.problem.kind === 'cancelled') drop(upload.key)
    else change(upload.key, { state: 'failed', problem: result.problem })
  }

  async function run(): Promise<void> {
    if (isRunning.current) return
    isRunning.current = true
    for (let next = queue.current.shift(); next !== undefined; next = queue.current.shift()) {
      await uploadOne(next)
    }
    isRunning.current = false
  }

  function enqueue(fresh: readonly Upload[]): void {
    queue.current.push(...fresh)
    void run()
  }

  function rowOf(
    source: UploadSource,
    file: { name: string; type: string; size: number },
    contentId?: string,
  ): Upload {
    const key = nextKey.current
    nextKey.current += 1
    const { name, type, size: bytes } = file
    return { key, name, type, bytes, source, contentId, received: 0, state: 'waiting', problem: null }
  }

  /** What is in the folder, and then its turn. Its row can be taken away meanwhile. */
  async function lookInto(row: Upload, look: () => Promise<readonly FolderFile[]>): Promise<void> {
    const controller = new AbortController()
    stops.current.set(row.key, controller)
    const folder = await lookThrough(look)
    stops.current.delete(row.key)
    if (controller.signal.aborted) drop(row.key)
    else if (!folder.ok) change(row.key, { state: 'failed', problem: folder.problem })
    else {
      const { files, bytes } = folder.value
      const looked: Upload = { ...row, bytes, source: { kind: 'folder', files }, state: 'waiting' }
      change(row.key, looked)
      enqueue([looked])
    }
  }

  async function detach(attachmentId: string): Promise<boolean> {
    const reply = await call('drafts.detach', draftId, attachmentId)
    if (reply.ok) setAttached(current => current.filter(attachment => attachment.id !== attachmentId))
    else setProblem(reply.problem)
    return reply.ok
  }

  async function replace(attachmentId: string, file: File): Promise<boolean> {
    setProblem(null)
    const result = await uploadFile({
      call: (method, args) => call(method, ...args),
      draftId,
      file,
      contentId: attached.find(({ id }) => id === attachmentId)?.contentId,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    if (!result.ok) {
      setProblem(result.problem)
      return false
    }
    setAttached(current => [...current, result.value])
    return detach(attachmentId)
  }

  return {
    attached,
    uploads,
    problem,
    add(files, contentId) {
      const fresh = files.map(file => rowOf({ kind: 'file', file }, file, contentId))
      setUploads(current => [...current, ...fresh])
      enqueue(fresh)
    },
    addFolder(name, look) {
      const zip = { name: `${name}.zip`, type: 'application/zip', size: 0 }
      const row: Upload = { ...rowOf({ kind: 'folder', files: [] }, zip), state: 'looking' }
      setUploads(current => [...current, row])
      void lookInto(row, look)
    },
    addFromMail(files) {
      const fresh = files.map(({ messageId, partId, name, type, bytes }) =>
        rowOf({ kind: 'mail', messageId, partId }, { name, type, size: bytes }),
      )
      setUploads(current => [...current, ...fresh])
      enqueue(fresh)
    },
    addUnreadable(name) {
      const row = rowOf({ kind: 'file', file: new File([], name) }, { name, type: '', size: 0 })
      const failed: Upload = { ...row, state: 'failed', problem: { kind: 'attachment-unreadable', name } }
      setUploads(current => [...current, failed])
    },
    again(key) {
      const upload = uploads.find(candidate => candidate.key === key)
      if (upload === undefined) return
      change(key, { state: 'waiting', problem: null, received: 0 })
      enqueue([upload])
    },
    stop(key) {
      queue.current = queue.current.filter(upload => upload.key !== key)
      const running = stops.current.get(key)
      if (running === undefined) drop(key)
      else running.abort()
    },
    remove(attachmentId) {
      setProblem(null)
      void detach(attachmentId)
    },
    replace,
    placeTaken: new Set(originals.keys()),
    keepPlace(attachmentId) {
      const original = originals.get(attachmentId)
      if (original !== undefined) void replace(attachmentId, original)
    },
    join: fresh => setAttached(current => [...current, ...fresh]),
    fail: setProblem,
    take: setAttached,
  }
}
