/**
 * One connection to the practice IMAP server: its state, its commands (RFC 3501 with UIDPLUS, MOVE, IDLE and
 * SPECIAL-USE) and what it is told of changes. A session numbers the mails as it last told its client.
 */

import { type FetchItem, fetchResponse, parseFetchItems } from './imap-fetch.ts'
import { parseSearch } from './imap-search.ts'
import type { ImapStore, StoredFolder, StoredMail } from './imap-store.ts'
import {
  type Command,
  numbersIn,
  parseCommand,
  readInternalDate,
  stringBytes,
  type Token,
  textOf,
} from './imap-syntax.ts'

export const CAPABILITIES =
  'IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID IDLE NAMESPACE UIDPLUS MOVE UNSELECT SPECIAL-USE CHILDREN'
const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft']
const FLAG = /^\\?[^\s(){%*"\\\]\u0000-\u001f\u007f]{1,100}$/

export type SessionDeps = {
  store: ImapStore
  user: string
  password: string
  write(bytes: Buffer | string): void
  /** After LOGOUT, when everything is written. */
  end(): void
  now(): number
}

export type ImapSession = {
  isKnown(): boolean
  line(text: string, literals: Buffer[]): void
  close(): void
}

type Selected = {
  folder: StoredFolder
  isReadOnly: boolean
  /** As the client numbers them. */
  view: StoredMail[]
  flagged: Set<StoredMail>
}

/** `NO` and `BAD` with their words; anything else is OK. */
type Outcome = string

export function createImapSession(deps: SessionDeps): ImapSession {
  const { store, write } = deps
  let isKnown = false
  let selected: Selected | null = null
  /** Takes the next line instead of the commands: AUTHENTICATE and IDLE wait so. */
  let expected: ((text: string) => void) | null = null
  let isIdle = false

  const say = (text: string) => write(`* ${text}\r\n`)

  /** Tells the client what changed. While it counts by sequence numbers nothing may vanish under it (section 7.4.1). */
  const tell = (mayExpunge: boolean) => {
    if (selected === null) return
    const { folder, view, flagged } = selected
    const there = new Set(folder.mails)
    if (mayExpunge) {
      for (let index = view.length - 1; index >= 0; index -= 1) {
        if (there.has(view[index] as StoredMail)) continue
        view.splice(index, 1)
        say(`${index + 1} EXPUNGE`)
      }
    }
    const known = new Set(view)
    const added = folder.mails.filter(mail => !known.has(mail))
    if (added.length > 0) {
      view.push(...added)
      say(`${view.length} EXISTS`)
    }
    for (const mail of flagged) {
      const index = view.indexOf(mail)
      if (index >= 0 && there.has(mail) && !added.includes(mail))
        write(fetchResponse(index + 1, mail, [{ kind: 'uid' }, { kind: 'flags' }]))
    }
    flagged.clear()
  }

  const stopListening = store.listen(mail => {
    if (mail !== null) selected?.flagged.add(mail)
    if (isIdle) tell(true)
  })

  const logIn = (user: string, password: string): Outcome => {
    if (user !== deps.user || password !== deps.password)
      return 'NO [AUTHENTICATIONFAILED] Wrong user or password'
    isKnown = true
    return `OK [CAPABILITY ${CAPABILITIES}] Welcome`
  }
  const logInPlain = (base64: string): Outcome => {
    const [, user = '', password = ''] = Buffer.from(base64, 'base64').toString('utf8').split('\0')
    return logIn(user, password)
  }

  const select = (name: string | null, isReadOnly: boolean): Outcome => {
    const folder = store.folder(name ?? '')
    selected = null
    if (folder === null) return 'NO [NONEXISTENT] No such folder'
    selected = { folder, isReadOnly, view: [...folder.mails], flagged: new Set() }
    const unseen = folder.mails.findIndex(({ flags }) => !flags.has('\\Seen'))
    say(`FLAGS (${SYSTEM_FLAGS.join(' ')})`)
    say(
      `OK [PERMANENTFLAGS (${isReadOnly ? '' : `${SYSTEM_FLAGS.join(' ')} \\*`})] Kept while the practice lasts`,
    )
    say(`${folder.mails.length} EXISTS`)
    say('0 RECENT')
    if (unseen >= 0) say(`OK [UNSEEN ${unseen + 1}] First unseen`)
    say(`OK [UIDVALIDITY ${folder.uidValidity}] Valid until the next start`)
    say(`OK [UIDNEXT ${folder.uidNext}] Next`)
    return `OK [${isReadOnly ? 'READ-ONLY' : 'READ-WRITE'}] Selected`
  }

  const list = (reference: string, pattern: string): Outcome => {
    if (pattern === '') say('LIST (\\Noselect) "/" ""')
    else {
      // One wild-card of each kind in a row is as good as many, and cannot make the matching slow.
      const source = (reference + pattern)
        .replace(/[*%]*\*[*%]*|%+/g, run => (run.includes('*') ? '*' : '%'))
        .replace(/[\\^$+?.()|{}[\]]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('%', '[^/]*')
      const wanted = new RegExp(`^${source}$`, 'i')
      const names = store.folders()
      for (const { name, use } of names.filter(folder => wanted.test(folder.name))) {
        const hasChildren = names.some(other => other.name.startsWith(`${name}/`))
        const flags = [
          hasChildren ? '\\HasChildren' : '\\HasNoChildren',
          ...(use === null ? [] : [`\\${use}`]),
        ]
        write(
          Buffer.concat([
            Buffer.from(`* LIST (${flags.join(' ')}) "/" `),
            stringBytes(name),
            Buffer.from('\r\n'),
          ]),
        )
      }
    }
    return 'OK Listed'
  }

  const status = (name: string | null, items: Token | undefined): Outcome => {
    const folder = store.folder(name ?? '')
    if (folder === null) return 'NO [NONEXISTENT] No such folder'
    const values: Record<string, number> = {
      MESSAGES: folder.mails.length,
      RECENT: 0,
      UIDNEXT: folder.uidNext,
      UIDVALIDITY: folder.uidValidity,
      UNSEEN: folder.mails.filter(({ flags }) => !flags.has('\\Seen')).length,
    }
    const names = items?.kind === 'list' ? items.items.map(item => textOf(item)?.toUpperCase() ?? '') : []
    if (names.length === 0 || names.some(item => values[item] === undefined)) return 'BAD STATUS of what?'
    const words = names.map(item => `${item} ${values[item]}`).join(' ')
    write(Buffer.concat([Buffer.from('* STATUS '), stringBytes(folder.name), Buffer.from(` (${words})\r\n`)]))
    return 'OK Status'
  }

  const append = (args: Token[]): Outcome => {
    const folder = store.folder(textOf(args[0]) ?? '')
    const mail = args.at(-1)
    if (mail?.kind !== 'string' || args.length < 2) return 'BAD APPEND takes a folder and a mail'
    if (folder === null) return 'NO [TRYCREATE] No such folder'
    const flags = args[1]?.kind === 'list' ? readFlags(args[1].items) : []
    const date = args.length > 2 ? textOf(args.at(-2)) : null
    const at = date === null ? deps.now() : readInternalDate(date)
    if (flags === null || at === null) return 'BAD Flags or date'
    const stored = store.append(folder, mail.bytes, flags, at)
    return `OK [APPENDUID ${folder.uidValidity} ${stored.uid}] Appended`
  }

  const create = (name: string): Outcome => {
    const isName = name.length <= 500 && !/[*%\u0000-\u001f]/.test(name)
    return isName && store.create(name.replace(/\/$/, '')) ? 'OK Created' : 'NO [ALREADYEXISTS] Not this name'
  }

  /** The mails a set names, with their sequence numbers; null for what is no set. */
  const range = ({ view }: Selected, set: string, isUid: boolean): [StoredMail, number][] | null => {
    const numbers = view.map(({ uid }, index) => (isUid ? uid : index + 1))
    const chosen = numbersIn(set, numbers)
    if (chosen === null) return null
    return view.flatMap((mail, index) => (chosen.has(numbers[index] as number) ? [[mail, index + 1]] : []))
  }

  const fetch = (current: Selected, { rest, args }: Command, isUid: boolean): Outcome => {
    const set = textOf(args[0]) ?? ''
    const parsed = parseFetchItems(rest.slice(rest.indexOf(set) + set.length))
    const mails = range(current, set, isUid)
    if (parsed === null || mails === null) return 'BAD FETCH of what?'
    const items: FetchItem[] =
      isUid && !parsed.some(({ kind }) => kind === 'uid') ? [{ kind: 'uid' }, ...parsed] : parsed
    const marksSeen = !current.isReadOnly && items.some(item => item.kind === 'section' && !item.isPeek)
    for (const [mail, sequence] of mails) {
      const isNew = marksSeen && !mail.flags.has('\\Seen')
      if (isNew) {
        store.setFlags(mail, [...mail.flags, '\\Seen'])
        current.flagged.delete(mail)
      }
      const hasFlags = items.some(({ kind }) => kind === 'flags')
      write(fetchResponse(sequence, mail, isNew && !hasFlags ? [...items, { kind: 'flags' }] : items))
    }
    return 'OK Fetched'
  }

  const storeFlags = (current: Selected, args: Token[], isUid: boolean): Outcome => {
    const mails = range(current, textOf(args[0]) ?? '', isUid)
    const how = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(args[1]) ?? '')
    const flags = readFlags(args[2]?.kind === 'list' ? args[2].items : args.slice(2))
    if (mails === null || how === null || flags === null) return 'BAD STORE of what?'
    if (current.isReadOnly) return 'NO [READ-ONLY] Opened to read only'
    for (const [mail, sequence] of mails) {
      const kept = [...mail.flags].filter(flag => !flags.includes(flag))
      store.setFlags(mail, how[1] === '-' ? kept : how[1] === '+' ? [...kept, ...flags] : flags)
      current.flagged.delete(mail)
      if (how[2] === undefined) {
        write(
          fetchResponse(sequence, mail, isUid ? [{ kind: 'uid' }, { kind: 'flags' }] : [{ kind: 'flags' }]),
        )
      }
    }
    return 'OK Stored'
  }

  const search = ({ view }: Selected, args: Token[], isUid: boolean): Outcome => {
    const test = parseSearch(args, view)
    if (test === null) return 'BAD SEARCH for what?'
    const found = view.flatMap((mail, index) => (test(mail, index + 1) ? [isUid ? mail.uid : index + 1] : []))
    say(['SEARCH', ...found].join(' '))
    return 'OK Searched'
  }

  const copy = (current: Selected, args: Token[], isUid: boolean, isMove: boolean): Outcome => {
    const mails = range(current, textOf(args[0]) ?? '', isUid)?.map(([mail]) => mail)
    const target = store.folder(textOf(args[1]) ?? '')
    if (mails === undefined) return 'BAD Which mails?'
    if (target === null) return 'NO [TRYCREATE] No such folder'
    if (isMove && current.isReadOnly) return 'NO [READ-ONLY] Opened to read only'
    const copies = store.copy(mails, target)
    const uids = (list: StoredMail[]) => list.map(({ uid }) => uid).join(',')
    const code = mails.length === 0 ? '' : `[COPYUID ${target.uidValidity} ${uids(mails)} ${uids(copies)}] `
    if (!isMove) return `OK ${code}Copied`
    // MOVE tells the new UIDs before it takes the mails away (RFC 6851 section 4.3).
    if (code !== '') say(`OK ${code}Moved`)
    store.take(current.folder, new Set(mails))
    return 'OK Moved'
  }

  const expunge = (current: Selected, set: string | null): Outcome => {
    if (current.isReadOnly) return 'NO [READ-ONLY] Opened to read only'
    const chosen = set === null ? current.view : range(current, set, true)?.map(([mail]) => mail)
    if (chosen === undefined) return 'BAD Which mails?'
    store.take(current.folder, new Set(chosen.filter(({ flags }) => flags.has('\\Deleted'))))
    return 'OK Expunged'
  }

  /** Null where the name is no command for this state. */
  const runSelected = (current: Selected, command: Command): Outcome | null => {
    const { args } = command
    const isUid = command.name.startsWith('UID ')
    switch (command.name) {
      case 'FETCH':
      case 'UID FETCH':
        return fetch(current, command, isUid)
      case 'STORE':
      case 'UID STORE':
        return storeFlags(current, args, isUid)
      case 'SEARCH':
      case 'UID SEARCH':
        return search(current, args, isUid)
      case 'COPY':
      case 'UID COPY':
        return copy(current, args, isUid, false)
      case 'MOVE':
      case 'UID MOVE':
        return copy(current, args, isUid, true)
      case 'EXPUNGE':
        return expunge(current, null)
      case 'UID EXPUNGE':
        return expunge(current, textOf(args[0]) ?? '')
      case 'CLOSE':
        if (!current.isReadOnly) expunge(current, null)
        selected = null
        return 'OK Closed'
      case 'UNSELECT':
        selected = null
        return 'OK Closed'
      default:
        return null
    }
  }

  const runKnown = ({ name, args }: Command): Outcome | null => {
    const [first, second] = [textOf(args[0]), textOf(args[1])]
    switch (name) {
      case 'SELECT':
      case 'EXAMINE':
        return select(first, name === 'EXAMINE')
      case 'LIST':
      case 'LSUB':
        return first === null || second === null ? 'BAD LIST of what?' : list(first, second)
      case 'STATUS':
        return status(first, args[1])
      case 'APPEND':
        return append(args)
      case 'CREATE':
        return first === null ? 'BAD Which name?' : create(first)
      case 'DELETE':
        return store.remove(first ?? '') ? 'OK Deleted' : 'NO [CANNOT] Not this folder'
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
        return 'OK Noted'
      case 'NAMESPACE':
        say('NAMESPACE (("" "/")) NIL NIL')
        return 'OK Here'
      case 'CHECK':
        return 'OK Checked'
      default:
        return null
    }
  }

  const runAny = ({ name, args }: Command): Outcome | null => {
    switch (name) {
      case 'CAPABILITY':
        say(`CAPABILITY ${CAPABILITIES}`)
        return 'OK Able'
      case 'ID':
        say('ID ("name" "Todoke practice mailbox")')
        return 'OK Pleased'
      case 'NOOP':
        return 'OK Done'
      case 'LOGIN':
        return isKnown ? 'BAD Logged in already' : logIn(textOf(args[0]) ?? '', textOf(args[1]) ?? '')
      default:
        return null
    }
  }

  /** Commands that go on with the next line. True where this was one. */
  const began = ({ tag, name, args }: Command): boolean => {
    const mechanism = textOf(args[0])?.toUpperCase()
    if (name === 'AUTHENTICATE' && !isKnown && mechanism === 'PLAIN') {
      const initial = textOf(args[1])
      if (initial !== null) write(`${tag} ${logInPlain(initial)}\r\n`)
      else {
        write('+ \r\n')
        expected = text => write(`${tag} ${text === '*' ? 'BAD Given up' : logInPlain(text)}\r\n`)
      }
      return true
    }
    if (name === 'IDLE' && isKnown) {
      isIdle = true
      write('+ Waiting\r\n')
      tell(true)
      expected = text => {
        isIdle = false
        write(`${tag} ${/^done$/i.test(text) ? 'OK Idle is over' : 'BAD Expected DONE'}\r\n`)
      }
      return true
    }
    if (name === 'LOGOUT') {
      say('BYE Until next time')
      write(`${tag} OK Goodbye\r\n`)
      deps.end()
      return true
    }
    return false
  }

  return {
    isKnown: () => isKnown,

    line(text, literals) {
      if (expected !== null) {
        const take = expected
        expected = null
        return take(text)
      }
      const command = parseCommand(text, literals)
      if (command === null)
        return write(`${/^[^\s\u0000]{1,100}/.exec(text)?.[0] ?? '*'} BAD What is this?\r\n`)
      if (began(command)) return
      const outcome =
        runAny(command) ??
        (isKnown ? runKnown(command) : null) ??
        (isKnown && selected !== null ? runSelected(selected, command) : null) ??
        'BAD Not known here, or not now'
      tell(!/^(?:FETCH|STORE|SEARCH)$/.test(command.name))
      write(`${command.tag} ${outcome}\r\n`)
    },

    close: stopListening,
  }
}

function readFlags(tokens: Token[]): string[] | null {
  const flags = tokens.map(token => textOf(token) ?? '')
  return flags.every(flag => FLAG.test(flag))
    ? flags.map(flag => SYSTEM_FLAGS.find(known => known.toLowerCase() === flag.toLowerCase()) ?? flag)
    : null
}
