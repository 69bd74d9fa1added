/**
 * The templates as one composer uses them: filled in with what its mail knows, put in at the cursor, and called by
 * name. In a letter to many all fields stay, because the table of its people fills them.
 */

import { type RefObject, useMemo, useRef } from 'react'
import { flushSync } from 'react-dom'
import { identityOf } from '../../shared/identity.ts'
import { namedContentIds } from '../../shared/letter-html.ts'
import { fieldPlaces } from '../../shared/merge.ts'
import type { Account, DraftAttachment, Identity } from '../../shared/model.ts'
import type { Template } from '../../shared/template.ts'
import { fillTemplate } from '../../shared/template-fill.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { addressesOf, committed } from '../compose/chips.ts'
import type { Letter, SnippetSource, Surface } from '../compose/editor/surface.ts'
import type { Composer } from '../compose/use-composer.ts'
import { ownLetter } from './own-letter.ts'

export type FilledTemplate = { subject: string; letter: Letter; asksFields: boolean }

/** What is written now, as it would be kept. The subject of an answer is that of another mail, and so ''. */
export type OwnMail = {
  subject: string
  letter: Letter
  draftId: string
  /** Its files, and the pictures that the letter shows. */
  files: readonly DraftAttachment[]
}

export type Templates = {
  ownMail(): OwnMail
  snippets: SnippetSource
  filled(template: Template): FilledTemplate
  /** Whether it would bring a subject in the place of another one. */
  hasOtherSubject(template: Template): boolean
  /** Undo takes the text back, and the subject with it. Gives whether there are fields to fill in. */
  insert(template: Template, replacesSubject: boolean): boolean
}

export function useTemplates(
  composer: Composer,
  accounts: readonly Account[],
  { draftId, isToMany, isAnswer }: { draftId: string; isToMany: boolean; isAnswer: boolean },
): Templates {
  const list = useAsk('templates.list', []).data
  const latest = useRef({ composer, draftId, accounts, isToMany, isAnswer, list })
  latest.current = { composer, draftId, accounts, isToMany, isAnswer, list }

  return useMemo(() => {
    function identity(): Identity | null {
      const { accountId, identityId } = latest.current.composer.fields
      const account = latest.current.accounts.find(({ id }) => id === accountId)
      return account === undefined ? null : identityOf(account, identityId)
    }

    function filled({ subject, text, html }: Template): FilledTemplate {
      if (latest.current.isToMany) return { subject, letter: { text, html }, asksFields: false }
      const { subject: ready, ...letter } = fillTemplate(
        { subject, text, html },
        {
          to: addressesOf(committed(latest.current.composer.fields.to)),
          own: identity(),
          now: Date.now(),
        },
      )
      return { subject: ready, letter, asksFields: true }
    }

    const subjectOf = () => latest.current.composer.fields.subject

    return {
      ownMail() {
        const { composer: current, draftId: of } = latest.current
        const { subject, text, html = null } = current.written()
        const letter = ownLetter({ html, text }, identity()?.signature ?? null)
        const shown = namedContentIds(letter.html ?? '')
        return {
          subject: latest.current.isAnswer ? '' : subject,
          letter,
          draftId: of,
          files: current.attachments.attached.filter(
            ({ contentId }) => contentId === undefined || shown.has(contentId),
          ),
        }
      },
      filled,
      snippets: {
        all: () => (latest.current.list ?? []).filter(({ kind }) => kind === 'snippet'),
        letterOf: filled,
      },
      hasOtherSubject(template) {
        const { subject } = filled(template)
        return subject !== '' && subjectOf().trim() !== '' && subjectOf() !== subject
      },
      insert(template, replacesSubject) {
        const { subject, letter, asksFields } = filled(template)
        const { change } = latest.current.composer
        const before = subjectOf()
        const takesSubject = subject !== '' && (before.trim() === '' || replacesSubject)
        if (takesSubject) change({ subject })
        const put = () =>
          whenThere(latest.current.composer.surface, surface => {
            surface.insertLetter(letter, {
              asksFields,
              onBack(isBack) {
                const [from, to] = isBack ? [subject, before] : [before, subject]
                // What was written in the meantime stays.
                if (takesSubject && subjectOf() === from) latest.current.composer.change({ subject: to })
              },
            })
            surface.element.focus()
          })
        if (template.files.length === 0) put()
        else void attachFilesOf(template, latest.current).then(put)
        return asksFields && fieldPlaces(letter.text).length > 0
      },
    }
  }, [])
}

/** The letter shows pictures by files that are attached: they come first. What cannot be attached is said at the files. */
async function attachFilesOf(
  template: Template,
  { composer, draftId }: { composer: Composer; draftId: string },
): Promise<void> {
  const attached = await call('templates.attach', template.id, draftId)
  flushSync(() => {
    if (attached.ok) composer.attachments.join(attached.value)
    else composer.attachments.fail(attached.problem)
  })
}

const PATIENCE_MS = 5_000

/** The surface is loaded when the first composer opens; a template that was quicker waits for it. */
function whenThere(surface: RefObject<Surface | null>, act: (surface: Surface) => void): void {
  const until = performance.now() + PATIENCE_MS
  const look = () => {
    if (surface.current !== null) act(surface.current)
    else if (performance.now() < until) requestAnimationFrame(look)
  }
  look()
}
