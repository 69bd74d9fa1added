/**
 * The tables, as append-only migrations of two files. Once released, a line is never edited: a change is a new entry.
 * `desk.db` (drafts, outbox, ledger, accounts; synchronous=FULL) and `mail.db` (what came in; can be fetched again).
 */

import { threadTables } from './thread-schema.ts'

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
    finished_at INTEGER,
    -- What was written and to whom, to know the same mail again; null for a part of another mail.
    fingerprint TEXT,
    -- Taken off the list by the person; the row stays where its bytes may be out, for the reports that may come.
    dismissed_at INTEGER
  ) STRICT;
  CREATE INDEX outbox_item_due ON outbox_item(state, due_at);
  CREATE INDEX outbox_item_copy_due ON outbox_item(copy_due_at) WHERE copy_due_at IS NOT NULL;
  CREATE INDEX outbox_item_message_id ON outbox_item(message_id);
  CREATE INDEX outbox_item_fingerprint ON outbox_item(fingerprint, created_at) WHERE fingerprint IS NOT NULL;

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
  `
  -- The last EHLO of an account's submission server; can be asked again at any time.
  CREATE TABLE server_abilities (
    account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
    server TEXT NOT NULL,
    extensions TEXT NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- What is due next is asked after every mail: answered from an index alone, without a look at the recipes.
  CREATE INDEX outbox_item_waiting ON outbox_item(account_id, due_at)
    WHERE state IN ('held', 'queued') AND due_at IS NOT NULL;
  CREATE INDEX outbox_item_copies ON outbox_item(account_id, copy_due_at, id) WHERE copy_due_at IS NOT NULL;
  CREATE INDEX outbox_item_by_state ON outbox_item(state, account_id, due_at, dismissed_at);
  DROP INDEX outbox_item_copy_due;
  DROP INDEX outbox_item_due;
  `,
  `
  -- Every saved state of a draft. Where 'is_whole' is 0, 'text' stands between the first 'head' and the last 'tail'
  -- UTF-16 units of the version before.
  CREATE TABLE draft_version (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    draft_id TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    is_whole INTEGER NOT NULL,
    head INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    text TEXT NOT NULL,
    preview TEXT NOT NULL,
    characters INTEGER NOT NULL,
    attachments INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX draft_version_by_draft ON draft_version(draft_id, id);

  -- The files that some version names: kept for as long as the draft.
  CREATE TABLE draft_file (
    draft_id TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft_id, sha256)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO draft_file SELECT DISTINCT draft_id, sha256 FROM draft_attachment;
  `,
  `
  -- Which state of a draft lies in the Drafts folder of which account; outlives the draft, until the copy is gone.
  CREATE TABLE draft_copy (
    draft_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- What only the person knows of people; what can be counted from mail lies in mail.db. Keys are addressKey().
  -- An import is there with its committed_at, all of it at once. Import 0 is what was written by hand.
  CREATE TABLE contact_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    begun_at INTEGER NOT NULL,
    committed_at INTEGER
  ) STRICT;
  CREATE TABLE contact (
    address_key TEXT NOT NULL,
    import_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    reading TEXT NOT NULL,
    PRIMARY KEY (address_key, import_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE forgotten_address (address_key TEXT PRIMARY KEY, forgotten_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE failed_address (address_key TEXT PRIMARY KEY, failed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE people_group (id TEXT PRIMARY KEY, name TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
  CREATE TABLE people_group_member (
    group_id TEXT NOT NULL REFERENCES people_group(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address_key TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (group_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX people_group_member_by_address ON people_group_member(address_key);
  `,
  `
  -- A picture within the text is named by its Content-ID, without angle brackets.
  ALTER TABLE draft_attachment ADD COLUMN content_id TEXT;

  -- What the editor can take back, in its own words; of use only for the revision it was saved with.
  CREATE TABLE draft_undo (
    draft_id TEXT PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- One letter to many. A row becomes an outbox item in the transaction that sets 'item_id'; one with a 'fault' never does.
  CREATE TABLE merge (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    state TEXT NOT NULL,
    template TEXT NOT NULL,
    columns TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    dismissed_at INTEGER
  ) STRICT;

  CREATE TABLE merge_row (
    merge_id TEXT NOT NULL REFERENCES merge(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    cells TEXT NOT NULL,
    item_id TEXT,
    fault TEXT,
    PRIMARY KEY (merge_id, position)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE outbox_item ADD COLUMN batch_id TEXT;
  CREATE INDEX outbox_item_batch ON outbox_item(batch_id, state) WHERE batch_id IS NOT NULL;
  `,
  `
  CREATE TABLE template (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name as it is compared: case and width are one.
    name_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (kind, name_key)
  ) STRICT;
  `,
  `
  -- The mail a draft was made from, as JSON; it does not change while the draft is written.
  ALTER TABLE draft ADD COLUMN answers TEXT;
  `,
  `
  -- Whose pictures are loaded from the internet without a question.
  CREATE TABLE trusted_sender (
    address_key TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    trusted_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Mailing lists that the person left, or tried to.
  CREATE TABLE left_list (list_key TEXT PRIMARY KEY, way TEXT NOT NULL, left_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- A letter to many that was taken back lies here, with its people, until its draft goes.
  ALTER TABLE merge ADD COLUMN draft_id TEXT REFERENCES draft(id) ON DELETE CASCADE;
  -- The file or group, as the person knows it.
  ALTER TABLE merge ADD COLUMN source TEXT NOT NULL DEFAULT '';
  CREATE INDEX merge_by_draft ON merge(draft_id) WHERE draft_id IS NOT NULL;

  -- What a paused mail waits for, as the ledger folds to it: thousands are counted without reading their ledgers.
  ALTER TABLE outbox_item ADD COLUMN paused_for TEXT;
  UPDATE outbox_item SET paused_for = (
    SELECT json_extract(data, '$.why') FROM ledger
    WHERE item_id = outbox_item.id AND type = 'paused' ORDER BY seq DESC LIMIT 1
  ) WHERE state = 'paused';
  CREATE INDEX outbox_item_paused ON outbox_item(paused_for, dismissed_at, id) WHERE state = 'paused';
  `,
  `
  -- The files and pictures of a template; its blobs stay in the spool as long as a row names them.
  CREATE TABLE template_file (
    id TEXT PRIMARY KEY,
    template_id TEXT NOT NULL REFERENCES template(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    -- Of a picture within the text.
    content_id TEXT
  ) STRICT;
  CREATE INDEX template_file_by_template ON template_file(template_id, position);
  `,
]

export const mailMigrations: readonly string[] = [
  `
  CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    is_local INTEGER NOT NULL DEFAULT 0,
    -- What was known of the server when the folder was last synced; numbers beyond 2^53 as text.
    uid_validity TEXT,
    uid_next INTEGER,
    highest_modseq TEXT,
    -- Of the messages that are shown; kept by the triggers below.
    total INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, path)
  ) STRICT;
  CREATE INDEX folder_by_role ON folder(role);

  -- One copy of one mail in one folder. 'role' repeats the folder's, so that a unified list is one index walk.
  CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    role TEXT,
    uid INTEGER,
    sent_at INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    from_address TEXT NOT NULL,
    to_addresses TEXT NOT NULL,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL,
    has_attachments INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    is_seen INTEGER NOT NULL,
    is_flagged INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL DEFAULT 0,
    -- What the person wants and the server has not taken yet; null where both agree.
    pending_seen INTEGER,
    pending_flagged INTEGER,
    moving_to INTEGER,
    -- A plain column, as an index with a generated one covers no query.
    is_shown INTEGER NOT NULL CHECK (is_shown = (is_deleted = 0 AND moving_to IS NULL)),
    -- Where the source lies, once it is here.
    pack TEXT,
    pack_offset INTEGER,
    pack_length INTEGER,
    sha256 TEXT,
    UNIQUE (folder_id, uid)
  ) STRICT;
  CREATE INDEX message_by_role ON message(role, is_shown, sent_at DESC, id DESC);
  CREATE INDEX message_by_folder ON message(folder_id, is_shown, sent_at DESC, id DESC);
  CREATE INDEX message_by_message_id ON message(message_id);
  CREATE INDEX message_pending ON message(account_id)
    WHERE pending_seen IS NOT NULL OR pending_flagged IS NOT NULL OR moving_to IS NOT NULL;

  CREATE TRIGGER message_added AFTER INSERT ON message WHEN NEW.is_shown BEGIN
    UPDATE folder SET total = total + 1, unread = unread + (NEW.is_seen = 0) WHERE id = NEW.folder_id;
  END;
  CREATE TRIGGER message_removed AFTER DELETE ON message WHEN OLD.is_shown BEGIN
    UPDATE folder SET total = total - 1, unread = unread - (OLD.is_seen = 0) WHERE id = OLD.folder_id;
  END;
  CREATE TRIGGER message_altered AFTER UPDATE OF folder_id, is_seen, is_shown ON message BEGIN
    UPDATE folder SET total = total - 1, unread = unread - (OLD.is_seen = 0)
      WHERE id = OLD.folder_id AND OLD.is_shown;
    UPDATE folder SET total = total + 1, unread = unread + (NEW.is_seen = 0)
      WHERE id = NEW.folder_id AND NEW.is_shown;
  END;

  -- What a POP3 server has shown us and we have stored, also after the mail was thrown away here: never taken twice.
  CREATE TABLE pop3_taken (
    account_id TEXT NOT NULL,
    uidl TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, uidl)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE message ADD COLUMN cc_addresses TEXT NOT NULL DEFAULT '[]';
  -- From a list or a machine, by its own headers.
  ALTER TABLE message ADD COLUMN is_bulk INTEGER NOT NULL DEFAULT 0;

  -- To whom and from whom mail went, counted from the messages above and from what the outbox handed over.
  CREATE TABLE correspondent (
    id INTEGER PRIMARY KEY,
    address_key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Who gave the name: 3 they, 2 we, 1 somebody else, 0 nobody; and when.
    name_source INTEGER NOT NULL,
    named_at INTEGER NOT NULL,
    first_sent_at INTEGER,
    last_sent_at INTEGER,
    last_received_at INTEGER,
    bulk_at INTEGER,
    rank REAL NOT NULL
  ) STRICT;
  CREATE INDEX correspondent_by_rank ON correspondent(rank, id);
  -- A mail counts once, in how many folders and accounts it may lie.
  CREATE TABLE counted_mail (hash INTEGER PRIMARY KEY) STRICT;
  -- How far each source is counted: the id of a message, the time of a handing over.
  CREATE TABLE counted_until (source TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
  `,
  `
  -- What is searched of a message: terms as shared/search-terms.ts cuts them, without their places. 'search_doc' is its
  -- row there and follows the time of the mail, so that the newest are found first without sorting.
  CREATE VIRTUAL TABLE search USING fts5(
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'porter ascii'
  );
  ALTER TABLE message ADD COLUMN search_doc INTEGER;
  -- 0 where something of the message waits to be written to 'search'.
  ALTER TABLE message ADD COLUMN is_indexed INTEGER NOT NULL DEFAULT 0;
  CREATE UNIQUE INDEX message_by_search_doc ON message(search_doc);
  CREATE INDEX message_to_index ON message(sent_at DESC) WHERE is_indexed = 0;
  CREATE TRIGGER message_unsearched AFTER DELETE ON message WHEN OLD.search_doc IS NOT NULL BEGIN
    DELETE FROM search WHERE rowid = OLD.search_doc;
  END;
  -- The source has come, or another one.
  CREATE TRIGGER message_reworded AFTER UPDATE OF sha256, preview ON message
    WHEN NEW.is_indexed = 1 AND (
      (NEW.sha256 IS NOT NULL AND NEW.sha256 IS NOT OLD.sha256)
      OR (NEW.sha256 IS NULL AND OLD.sha256 IS NULL AND NEW.preview <> OLD.preview)
    )
  BEGIN
    UPDATE message SET is_indexed = 0 WHERE id = NEW.id;
  END;
  `,
  `
  ALTER TABLE folder ADD COLUMN delimiter TEXT NOT NULL DEFAULT '/';
  ALTER TABLE folder ADD COLUMN is_subscribed INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE folder ADD COLUMN is_container INTEGER NOT NULL DEFAULT 0;

  -- A mail that was moved here lies in its new folder at once, with no uid; this is where the server still has it.
  -- 'moving_to' is 0 where the mail is to be removed for good, else null.
  ALTER TABLE message ADD COLUMN origin_folder INTEGER;
  ALTER TABLE message ADD COLUMN origin_uid INTEGER;
  -- A server was asked to move it and may have done so before the line broke: its lowest UID there, else 0.
  ALTER TABLE message ADD COLUMN copy_begun INTEGER NOT NULL DEFAULT 0;
  UPDATE message SET moving_to = NULL, is_shown = (is_deleted = 0) WHERE moving_to IS NOT NULL;
  CREATE UNIQUE INDEX message_away ON message(origin_folder, origin_uid) WHERE origin_folder IS NOT NULL;
  DROP INDEX message_pending;
  CREATE INDEX message_pending ON message(account_id) WHERE pending_seen IS NOT NULL
    OR pending_flagged IS NOT NULL OR moving_to IS NOT NULL OR origin_folder IS NOT NULL;

  -- What a person wants of folders and the server has not heard, in order; local already. 'path' is the server's.
  CREATE TABLE folder_wish (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    -- Of a rename.
    new_path TEXT
  ) STRICT;
  CREATE INDEX folder_wish_by_account ON folder_wish(account_id, id);
  CREATE INDEX folder_wish_by_folder ON folder_wish(folder_id);
  `,
  threadTables,
  `
  -- What is fetched ahead, the newest first.
  CREATE INDEX message_to_fetch ON message(account_id, sent_at DESC, id DESC) WHERE pack IS NULL AND uid IS NOT NULL;
  `,
  `
  -- A server was asked to move the mail 'begun_id', and nobody has heard what came of it: by what it is told from
  -- others, where it was, and where its copy may lie by now. 'copied_uid' is the copy where the server named it.
  CREATE TABLE move_begun (
    begun_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
    source_folder INTEGER NOT NULL,
    source_uid INTEGER NOT NULL,
    source_validity TEXT NOT NULL,
    target_folder INTEGER NOT NULL,
    target_validity TEXT NOT NULL,
    from_uid INTEGER NOT NULL,
    copied_uid INTEGER,
    email_id TEXT,
    head_hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL
  ) STRICT;
  ALTER TABLE message DROP COLUMN copy_begun;
  `,
]
