/** Ctrl/Cmd+K: every place, every folder, every command, and what can be done with the open message. */

import {
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
  spotlight,
} from '@mantine/spotlight'
import {
  type Icon,
  IconAt,
  IconInbox,
  IconLanguage,
  IconMoon,
  IconPencil,
  IconPencilPlus,
  IconRefresh,
  IconSearch,
  IconSend,
  IconSettings,
  IconSun,
  IconSunMoon,
  IconTemplate,
  IconUpload,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useAsk } from '../ask.ts'
import { openComposer } from '../compose/composers.ts'
import { shownOf } from '../folders/folder-tree.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import { useMessageActions } from '../mailbox/use-message-actions.ts'
import { showKey } from '../ui/keys.ts'
import { useAct } from '../ui/use-act.tsx'
import styles from './Everything.module.css'
import { folderIcon, folderName, inOrder } from './folders.ts'
import { INBOX, type Navigation, SENT, searchFrom, useNavigation } from './navigation.tsx'

export function openEverything(): void {
  spotlight.open()
}

function entry(
  id: string,
  label: string,
  Shape: Icon,
  run: () => void,
  more: { description?: string; key?: string } = {},
): SpotlightActionData {
  return {
    id,
    label,
    onClick: run,
    leftSection: <Shape size={18} stroke={1.7} aria-hidden />,
    ...(more.description !== undefined && { description: more.description }),
    ...(more.key !== undefined && { rightSection: <kbd className={styles.key}>{showKey(more.key)}</kbd> }),
  }
}

function usePlaceEntries(go: Navigation['go']): SpotlightActionData[] {
  const words = useWords()
  const language = useLanguage()
  const accounts = useAsk('accounts.list', [])
  const folders = useAsk('mailbox.folders', [])
  return [
    entry('inbox', words('frame.inbox'), IconInbox, () => go(INBOX)),
    entry('outbox', words('frame.outbox'), IconUpload, () => go({ view: 'outbox' })),
    entry('sent', words('frame.sent'), IconSend, () => go(SENT)),
    entry('drafts', words('frame.drafts'), IconPencil, () => go({ view: 'drafts' })),
    entry('people', words('frame.people'), IconUsers, () => go({ view: 'people' })),
    entry('templates', words('templates.title'), IconTemplate, () => go({ view: 'templates' })),
    entry('settings', words('frame.settings'), IconSettings, () => go({ view: 'settings' }), {
      key: 'Mod+,',
    }),
    entry('accounts', words('frame.spotlight.addAccount'), IconAt, () => go({ view: 'accounts' })),
    ...(accounts.data ?? []).flatMap(account =>
      inOrder(
        shownOf((folders.data ?? []).filter(folder => folder.accountId === account.id)).filter(
          folder => !folder.isContainer,
        ),
        language,
      ).map(folder =>
        entry(
          folder.id,
          words('frame.spotlight.folderOf', { folder: folderName(folder, words), account: account.label }),
          folderIcon(folder),
          () => go({ view: 'mail', place: { kind: 'folder', folderId: folder.id }, messageId: null }),
        ),
      ),
    ),
  ]
}

function useCommandEntries(): SpotlightActionData[] {
  const words = useWords()
  const { where, go } = useNavigation()
  const act = useAct()
  return [
    entry(
      'write',
      words('frame.write'),
      IconPencilPlus,
      () => openComposer({ kind: 'empty', accountId: null }),
      {
        key: 'c',
      },
    ),
    entry('search', words('search.field'), IconSearch, () => go(searchFrom(where)), { key: '/' }),
    entry('merge', words('merge.open'), IconUsersGroup, () =>
      openComposer({ kind: 'empty', accountId: null }, true),
    ),
    entry('refresh', words('frame.spotlight.refresh'), IconRefresh, () => void act('mailbox.refresh', null)),
    entry(
      'light',
      words('frame.spotlight.themeLight'),
      IconSun,
      () => void act('settings.set', { theme: 'light' }),
    ),
    entry(
      'dark',
      words('frame.spotlight.themeDark'),
      IconMoon,
      () => void act('settings.set', { theme: 'dark' }),
    ),
    entry(
      'system',
      words('frame.spotlight.themeSystem'),
      IconSunMoon,
      () => void act('settings.set', { theme: 'system' }),
    ),
    entry(
      'english',
      words('frame.spotlight.inEnglish'),
      IconLanguage,
      () => void act('settings.set', { language: 'en' }),
    ),
    entry(
      'japanese',
      words('frame.spotlight.inJapanese'),
      IconLanguage,
      () => void act('settings.set', { language: 'ja' }),
    ),
  ]
}

function useMessageEntries(): SpotlightActionData[] {
  const { where, go } = useNavigation()
  const messageId = where.view === 'mail' ? where.messageId : null
  const message = useAsk('mailbox.message', [messageId ?? ''], { isEnabled: messageId !== null })
  const actions = useMessageActions(messageId === null ? null : (message.data ?? null), () => {
    if (where.view === 'mail') go({ ...where, messageId: null })
  })
  return actions.map(action =>
    entry(`message-${action.id}`, action.name, action.icon, action.run, {
      ...(action.key !== undefined && { key: action.key }),
    }),
  )
}

/** Mounted once in the frame; opened by `openEverything`. */
export function Everything({ go }: { go: Navigation['go'] }) {
  const words = useWords()
  const places = usePlaceEntries(go)
  const commands = useCommandEntries()
  const message = useMessageEntries()
  const groups: SpotlightActionGroupData[] = [
    ...(message.length > 0 ? [{ group: words('frame.spotlight.message'), actions: message }] : []),
    { group: words('frame.spotlight.places'), actions: places },
    { group: words('frame.spotlight.commands'), actions: commands },
  ]
  return (
    <Spotlight
      actions={groups}
      nothingFound={words('frame.spotlight.nothing')}
      highlightQuery={false}
      shortcut={null}
      scrollable
      maxHeight={420}
      radius={14}
      size={560}
      overlayProps={{ color: 'var(--veil)', backgroundOpacity: 1 }}
      attributes={{ content: { 'aria-label': words('frame.spotlight.open') } }}
      classNames={{
        content: styles.content ?? '',
        search: styles.search ?? '',
        action: styles.action ?? '',
        actionsList: styles.list ?? '',
        actionsGroup: styles.group ?? '',
        empty: styles.empty ?? '',
      }}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.7} aria-hidden />,
        placeholder: words('frame.spotlight.placeholder'),
        'aria-label': words('frame.spotlight.open'),
      }}
    />
  )
}
