/** The dialogs about folders and where mails go; mounted once, opened by `openFolderDialog`. */

import { useAsk, useCommand } from '../ask.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { folderName } from '../frame/folders.ts'
import { INBOX, useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { useAct } from '../ui/use-act.tsx'
import { FolderNameDialog } from './FolderNameDialog.tsx'
import { type FolderDialog, openFolderDialog, useFolderDialog } from './folder-dialogs.ts'
import { MoveDialog } from './MoveDialog.tsx'
import { ShownFoldersDialog } from './ShownFoldersDialog.tsx'
import { useSayDone } from './use-undo.tsx'

const close = () => openFolderDialog(null)

export function FolderDialogs() {
  const dialog = useFolderDialog()
  switch (dialog?.kind) {
    case 'create':
      return <CreateFolder {...dialog} />
    case 'rename':
      return <RenameFolder {...dialog} />
    case 'remove':
      return <RemoveFolder {...dialog} />
    case 'shown':
      return <ShownFoldersDialog accountId={dialog.accountId} onClose={close} />
    case 'move':
      return <MoveDialog {...dialog} onClose={close} />
    case 'delete':
      return <DeleteMails {...dialog} />
    default:
      return null
  }
}

type Of<K extends FolderDialog['kind']> = Extract<FolderDialog, { kind: K }>

function CreateFolder({ accountId, parent }: Of<'create'>) {
  const words = useWords()
  const create = useCommand('mailbox.createFolder')
  return (
    <FolderNameDialog
      title={
        parent === null
          ? words('folders.createTitle')
          : words('folders.createTitleIn', { folder: folderName(parent, words) })
      }
      yes={words('folders.createYes')}
      name=""
      problem={create.error?.problem ?? null}
      isBusy={create.isPending}
      onSave={name =>
        create.mutate([accountId, parent?.id ?? null, name], {
          onSuccess() {
            announce(words('folders.said.created', { folder: name.trim() }))
            close()
          },
        })
      }
      onClose={close}
    />
  )
}

function RenameFolder({ folder }: Of<'rename'>) {
  const words = useWords()
  const rename = useCommand('mailbox.renameFolder')
  return (
    <FolderNameDialog
      title={words('folders.renameTitle', { folder: folder.name })}
      yes={words('folders.renameYes')}
      name={folder.name}
      problem={rename.error?.problem ?? null}
      isBusy={rename.isPending}
      onSave={name =>
        rename.mutate([folder.id, name], {
          onSuccess() {
            announce(words('folders.said.renamed', { folder: name.trim() }))
            close()
          },
        })
      }
      onClose={close}
    />
  )
}

function RemoveFolder({ folder }: Of<'remove'>) {
  const words = useWords()
  const act = useAct()
  const say = useSayDone()
  const { where, go } = useNavigation()
  const folders = useAsk('mailbox.folders', [])
  async function remove(): Promise<void> {
    close()
    const isInside = (id: string): boolean => {
      const found = folders.data?.find(each => each.id === id)
      return id === folder.id || (found?.parentId != null && isInside(found.parentId))
    }
    if ((await act('mailbox.removeFolder', folder.id)) === null) return
    if (where.view === 'mail' && where.place.kind === 'folder' && isInside(where.place.folderId)) go(INBOX)
    say(words('folders.said.removed', { folder: folder.name }), null)
  }
  return (
    <ConfirmDialog
      isOpen
      title={words('folders.removeTitle', { folder: folder.name })}
      yes={{ text: words('folders.removeYes'), act: () => void remove() }}
      no={{ text: words('folders.keep'), act: close }}
    >
      {words('folders.removeText')}
    </ConfirmDialog>
  )
}

function DeleteMails({ messageIds, onDeleted }: Of<'delete'>) {
  const words = useWords()
  const act = useAct()
  async function remove(): Promise<void> {
    close()
    const answer = await act('mailbox.remove', messageIds)
    if (answer === null || answer.removed === 0) return
    onDeleted()
    announce(words('folders.said.deleted'))
  }
  return (
    <ConfirmDialog
      isOpen
      title={words('folders.deleteTitle')}
      yes={{ text: words('folders.deleteYes'), act: () => void remove() }}
      no={{ text: words('folders.keep'), act: close }}
    >
      {words('folders.deleteText')}
    </ConfirmDialog>
  )
}
