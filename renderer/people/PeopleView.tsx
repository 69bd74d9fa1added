/**
 * The people one writes to, nearest first, and the groups made of them. Whoever is written to is here by that alone;
 * files of contacts come in and go out.
 */

import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload, IconSearch, IconUpload, IconUsers } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { Panes } from '../frame/panes.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { Empty } from '../ui/Empty.tsx'
import { useAct } from '../ui/use-act.tsx'
import { GroupList } from './GroupList.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { PeopleList } from './PeopleList.tsx'
import css from './PeopleView.module.css'

export function PeopleView({ panes }: { panes: Panes }) {
  const words = useWords()
  const [query, setQuery] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const pick = () => picker.current?.click()
  const isSearching = query.trim() !== ''
  const nobody = isSearching ? (
    <Empty icon={IconUsers} title={words('people.nobodyTitle')} text={words('people.nobodyText')} />
  ) : (
    <Empty icon={IconUsers} title={words('people.emptyTitle')} text={words('people.emptyText')}>
      <Button onClick={pick}>{words('people.import')}</Button>
    </Empty>
  )
  return (
    <div className={css.view} data-stack={panes.isStack || undefined}>
      <section className={css.main} aria-label={words('people.title')}>
        <header className={css.bar}>
          <h1>{words('people.title')}</h1>
          <label className={css.search}>
            <IconSearch size={16} stroke={1.7} aria-hidden />
            <input
              type="search"
              aria-label={words('people.search')}
              placeholder={words('people.search')}
              autoComplete="off"
              spellCheck={false}
              value={query}
              onChange={event => setQuery(event.target.value)}
            />
          </label>
          <Button
            size="sm"
            leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
            aria-label={words('people.import')}
            onClick={pick}
          >
            <span className={css.label}>{words('people.import')}</span>
          </Button>
          <ExportMenu />
          <input
            ref={picker}
            type="file"
            accept=".vcf,.vcard,.csv,.tsv,.txt,text/vcard,text/csv"
            hidden
            onChange={event => {
              setFile(event.target.files?.[0] ?? null)
              // The same file can be chosen again.
              event.target.value = ''
            }}
          />
        </header>
        <PeopleList key={query.trim()} query={query.trim()} nobody={nobody} />
      </section>
      <GroupList />
      {file !== null && <ImportDialog file={file} onClose={() => setFile(null)} />}
    </div>
  )
}

function ExportMenu() {
  const words = useWords()
  const act = useAct()
  async function save(format: 'vcard' | 'csv'): Promise<void> {
    const saved = await act('people.export', format)
    if (saved?.savedAs == null) return
    const file = saved.savedAs.split(/[\\/]/).at(-1) ?? ''
    announce(words('people.exported', { count: saved.people, file }))
  }
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          size="sm"
          leftSection={<IconUpload size={16} stroke={1.7} aria-hidden />}
          rightSection={<IconChevronDown size={15} stroke={1.8} aria-hidden />}
          aria-label={words('people.export')}
        >
          <span className={css.label}>{words('people.export')}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save('vcard')}>{words('people.exportVcard')}</Menu.Item>
        <Menu.Item onClick={() => void save('csv')}>{words('people.exportCsv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
