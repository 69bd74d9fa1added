/**
 * What is written again and again: templates, which are whole mails, and snippets, which are called by their name.
 * Changes are kept at once; what is deleted can be brought back for a moment.
 */

import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconPlus, IconTemplate } from '@tabler/icons-react'
import { useState } from 'react'
import { cutText } from '../../shared/cut-text.ts'
import { fieldsOf } from '../../shared/merge.ts'
import type { Template, TemplateInput } from '../../shared/template.ts'
import { useAsk } from '../ask.ts'
import type { Panes } from '../frame/panes.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { TemplateDetail } from './TemplateDetail.tsx'
import css from './TemplatesView.module.css'

/** How long a deleted one can be brought back. */
const UNDO_MS = 10_000

export function TemplatesView({ panes }: { panes: Panes }) {
  const words = useWords()
  const list = useAsk('templates.list', [])
  const isSlow = useIsSlow(list.isPending)
  const acts = useTemplateActs(list.data ?? [])
  const chosen = list.data?.find(({ id }) => id === acts.chosenId)
  const isListHidden = panes.isStack && chosen !== undefined
  const columns = panes.isStack ? 'minmax(0, 1fr)' : `${panes.widths.list}px minmax(0, 1fr)`
  return (
    <div className={css.view} style={{ gridTemplateColumns: columns }}>
      {!isListHidden && (
        <section className={css.list} aria-label={words('templates.title')} aria-busy={list.isPending}>
          <header className={css.bar}>
            <h1>{words('templates.title')}</h1>
            {list.data !== undefined && <NewMenu onNew={acts.make} />}
          </header>
          {isSlow && (
            <>
              <span className="for-ears" role="status">
                {words('templates.loading')}
              </span>
              <SkeletonRows rows={4} />
            </>
          )}
          {list.isError && (
            <div className={css.problem}>
              <ProblemNote problem={list.error.problem} onRetry={() => void list.refetch()} />
            </div>
          )}
          {list.data?.length === 0 && (
            <Empty
              icon={IconTemplate}
              title={words('templates.emptyTitle')}
              text={words('templates.emptyText')}
            >
              <Button onClick={() => acts.make('template')}>{words('templates.newTemplate')}</Button>
              <Button onClick={() => acts.make('snippet')}>{words('templates.newSnippet')}</Button>
            </Empty>
          )}
          {list.data !== undefined && list.data.length > 0 && (
            <div className={css.rows}>
              {(['template', 'snippet'] as const).map(kind => (
                <Rows
                  key={kind}
                  kind={kind}
                  all={list.data}
                  chosenId={chosen?.id ?? null}
                  onChoose={acts.choose}
                />
              ))}
            </div>
          )}
        </section>
      )}
      {chosen !== undefined ? (
        <TemplateDetail
          key={chosen.id}
          template={chosen}
          isFresh={acts.freshId === chosen.id}
          onBack={panes.isStack ? () => acts.choose(null) : null}
          onDuplicate={acts.duplicate}
          onRemove={acts.remove}
        />
      ) : (
        !panes.isStack && (
          <div className={css.beside}>
            {list.data !== undefined && list.data.length > 0 && (
              <Empty
                icon={IconTemplate}
                title={words('templates.chooseTitle')}
                text={words('templates.chooseText', {
                  example: `;${list.data.find(({ kind }) => kind === 'snippet')?.name ?? words('templates.name')}`,
                })}
              />
            )}
          </div>
        )
      )}
    </div>
  )
}

function NewMenu({ onNew }: { onNew: (kind: Template['kind']) => void }) {
  const words = useWords()
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false} returnFocus={false}>
      <Menu.Target>
        <Button
          className={css.newMenu ?? ''}
          size="sm"
          leftSection={<IconPlus size={16} stroke={1.8} aria-hidden />}
          rightSection={<IconChevronDown size={15} stroke={1.8} aria-hidden />}
          aria-label={words('templates.newOne')}
        >
          <span className={css.newOne}>{words('templates.newOne')}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onNew('template')}>{words('templates.newTemplate')}</Menu.Item>
        <Menu.Item onClick={() => onNew('snippet')}>{words('templates.newSnippet')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

type RowsProps = {
  kind: Template['kind']
  all: readonly Template[]
  chosenId: string | null
  onChoose: (id: string) => void
}

function Rows({ kind, all, chosenId, onChoose }: RowsProps) {
  const words = useWords()
  const own = all.filter(template => template.kind === kind)
  if (own.length === 0) return null
  return (
    <>
      <h2 className={css.group}>
        {words(kind === 'snippet' ? 'templates.snippets' : 'templates.templates')}
      </h2>
      <ul>
        {own.map(template => {
          const fields = fieldsOf(template).length
          const firstWords = cutText((template.subject || template.text).trim(), 160)
          return (
            <li key={template.id}>
              <button
                type="button"
                className={css.row}
                {...(template.id === chosenId && { 'aria-current': 'true' as const })}
                onClick={() => onChoose(template.id)}
              >
                <span className={css.name}>{kind === 'snippet' ? `;${template.name}` : template.name}</span>
                <span className={css.count}>
                  {fields > 0 && words('templates.fieldCount', { count: fields })}
                </span>
                <span className={css.words}>{firstWords || words('templates.noText')}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** What can be done in the view, and which one is open in it. */
function useTemplateActs(all: readonly Template[]) {
  const words = useWords()
  const act = useAct()
  const settings = useAsk('settings.get', [])
  const [chosenId, choose] = useState<string | null>(null)
  const [freshId, setFreshId] = useState<string | null>(null)

  /** A name that no other of the kind has: `name`, `name 2` … */
  function freeName(kind: Template['kind'], name: string): string {
    const same = (text: string) => text.normalize('NFKC').toLowerCase()
    const isTaken = (wanted: string) => all.some(one => one.kind === kind && same(one.name) === same(wanted))
    const numbered = (number: number) => `${name}${kind === 'snippet' ? '-' : ' '}${number}`
    let number = 2
    while (isTaken(numbered(number))) number += 1
    return isTaken(name) ? numbered(number) : name
  }

  async function add(input: Omit<TemplateInput, 'id'>): Promise<void> {
    const made = await act('templates.save', { ...input, id: null })
    if (made === null) return
    setFreshId(made.id)
    choose(made.id)
  }

  async function remove(template: Template): Promise<void> {
    const { id, name } = template
    const answer = await act('templates.remove', id)
    if (answer?.removed !== true) return
    choose(null)
    const noticeId = `removed-${id}`
    notifications.show({
      id: noticeId,
      message: (
        <div className={css.notice}>
          <span>{words('templates.removed', { name })}</span>
          <Button
            size="xs"
            onClick={() => {
              notifications.hide(noticeId)
              void restore(template)
            }}
          >
            {words('templates.undo')}
          </Button>
        </div>
      ),
      color: 'ink',
      autoClose: UNDO_MS,
      closeButtonProps: { 'aria-label': words('frame.close') },
      withBorder: true,
    })
  }

  async function restore({ changedAt: _, files: __, ...template }: Template): Promise<void> {
    const back = await act('templates.save', { ...template, id: null, files: { templateId: template.id } })
    if (back === null) return
    choose(back.id)
    announce(words('templates.restored', { name: back.name }))
  }

  return {
    chosenId,
    freshId,
    choose,
    make(kind: Template['kind']) {
      const name = words(kind === 'snippet' ? 'templates.newSnippetName' : 'templates.newName')
      const html = settings.data?.writesPlain === true ? null : ''
      void add({ kind, name: freeName(kind, name), subject: '', text: '', html })
    },
    duplicate({ id: templateId, kind, name, subject, text, html }: Template) {
      const copy = words(kind === 'snippet' ? 'templates.copySnippetName' : 'templates.copyName', { name })
      void add({ kind, name: freeName(kind, copy), subject, text, html, files: { templateId } })
    },
    remove: (template: Template) => void remove(template),
  }
}
