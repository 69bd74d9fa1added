/**
 * The tables, as append-only migrations of two files. Once released, a line is never edited: a change is a new entry.
 * `desk.db` (drafts, outbox, ledger, accounts; synchronous=FULL) and `mail.db` (what came in; can be fetched again).
 */

export const deskMigrations: readonly string[] = [
  `
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    settings TEXT NOT NULL,
    sent_copy TEXT NOT NULL DEFAULT 'unknown',
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    thread_references TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE draft_attachment (
    id TEXT PRIMARY KEY,
    draft_id TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
  ) STRICT;
  CREATE INDEX draft_attachment_by_draft ON draft_attachment(draft_id, position);

  -- A frozen mail. 'recipe' gives the same bytes every time; 'state' and 'due_at' are what the ledger folds to.
  CREATE TABLE outbox_item (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    recipe TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    copy_state TEXT NOT NULL DEFAULT 'none',
    copy_due_at INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
  ) STRICT;
  CREATE INDEX outbox_item_due ON outbox_item(state, due_at);
  CREATE INDEX outbox_item_message_id ON outbox_item(message_id);

  CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id TEXT NOT NULL REFERENCES outbox_item(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_by_item ON ledger(item_id, seq);

  -- The conversation with the server, secrets removed before they come here.
  CREATE TABLE transcript (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id TEXT NOT NULL REFERENCES outbox_item(id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    side TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transcript_by_item ON transcript(item_id, id);
  `,
]

export const mailMigrations: readonly string[] = []
