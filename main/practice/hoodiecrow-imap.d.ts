/** The part of the untyped hoodiecrow-imap 2.1 that practice-imap.ts uses, as read from its source. */

declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net'

  namespace hoodiecrow {
    /** `raw` is a binary string: one character a byte. */
    type StoredMessage = { raw: string; flags?: string[]; internaldate?: string | Date; uid?: number }
    type Mailbox = { messages?: StoredMessage[]; uidvalidity?: number; 'special-use'?: string }

    type Options = {
      plugins: string[]
      users: Record<string, { password: string }>
      storage: {
        INBOX: Mailbox
        /** The personal namespace. */
        '': { separator: string; folders: Record<string, Mailbox> }
      }
    }

    type Connection = {
      socket: Socket | null
      state: 'Not Authenticated' | 'Authenticated' | 'Selected' | 'Logout'
      /** Takes the next line instead of the parser: AUTHENTICATE and IDLE wait with it. */
      inputHandler: false | ((line: string) => void)
      onData(chunk: Buffer): void
    }

    type AppendMessage = (
      mailbox: string | Mailbox,
      flags: string[],
      internaldate: string | Date | undefined,
      raw: string,
      ignoreConnection?: Connection,
    ) => { mailbox: Mailbox; message: StoredMessage }

    type ImapServer = {
      server: Server
      connectionHandlers: ((connection: Connection) => void)[]
      appendMessage: AppendMessage
      listen(port: number, host: string, listening: () => void): void
    }
  }

  function hoodiecrow(options: hoodiecrow.Options): hoodiecrow.ImapServer
  export = hoodiecrow
}
