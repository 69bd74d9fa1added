/** The tables of mail.db in which mails are put together to conversations: one migration, of its list in schema.ts. */

export const threadTables = `
-- Message-IDs that the mail names (References, In-Reply-To), oldest first, with a space between; null where they were
-- never read. And what its server calls the conversation, in words of its own.
ALTER TABLE message ADD COLUMN thread_refs TEXT;
ALTER TABLE message ADD COLUMN server_thread TEXT;
CREATE INDEX message_unlinked ON message(id) WHERE thread_refs IS NULL AND pack IS NOT NULL;

-- Mails that wait to be put into their thread.
CREATE TABLE unthreaded (message_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO unthreaded SELECT id FROM message;
CREATE TABLE threaded (
  message_id INTEGER PRIMARY KEY,
  thread_id INTEGER NOT NULL,
  -- The subject without "Re:", hashed; null where it says too little to go by.
  subject_key INTEGER,
  sent_at INTEGER NOT NULL,
  -- It says "Re:", and not what it answers.
  is_orphan INTEGER NOT NULL
) STRICT;
CREATE INDEX threaded_by_thread ON threaded(thread_id);
CREATE INDEX threaded_by_subject ON threaded(subject_key, sent_at) WHERE subject_key IS NOT NULL;
CREATE INDEX threaded_orphan ON threaded(subject_key, sent_at) WHERE is_orphan = 1;
-- What names a thread, hashed; and threads that turned out to be parts of others.
CREATE TABLE thread_name (hash INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL) STRICT;
CREATE TABLE thread_merged (thread_id INTEGER PRIMARY KEY, into_id INTEGER NOT NULL) STRICT;
CREATE INDEX thread_merged_into ON thread_merged(into_id);
CREATE TABLE thread_number (next INTEGER NOT NULL) STRICT;
INSERT INTO thread_number VALUES (1);

-- The list of conversations: a row for each folder that a thread has mails in, and for the unified places (-1 the
-- inboxes, -2 what was sent). Written anew for threads that stand in 'stale_thread'.
CREATE TABLE stale_thread (thread_id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE conversation (
  thread_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  newest_at INTEGER NOT NULL,
  newest_id INTEGER NOT NULL,
  mails INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  is_flagged INTEGER NOT NULL,
  has_attachments INTEGER NOT NULL,
  people TEXT NOT NULL,
  own_at INTEGER,
  own_message_id TEXT,
  PRIMARY KEY (thread_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_by_place ON conversation(place, newest_at DESC, newest_id DESC);

CREATE TRIGGER message_to_thread AFTER INSERT ON message BEGIN
  INSERT INTO unthreaded VALUES (NEW.id);
END;
CREATE TRIGGER message_linked AFTER UPDATE OF thread_refs, server_thread ON message
  WHEN NEW.thread_refs IS NOT OLD.thread_refs OR NEW.server_thread IS NOT OLD.server_thread
BEGIN
  INSERT OR IGNORE INTO unthreaded VALUES (NEW.id);
END;
CREATE TRIGGER message_rethreaded
  AFTER UPDATE OF folder_id, role, is_seen, is_flagged, is_shown, has_attachments ON message BEGIN
  INSERT OR IGNORE INTO stale_thread SELECT thread_id FROM threaded WHERE message_id = NEW.id;
END;
CREATE TRIGGER message_unthreaded AFTER DELETE ON message BEGIN
  INSERT OR IGNORE INTO stale_thread SELECT thread_id FROM threaded WHERE message_id = OLD.id;
  DELETE FROM threaded WHERE message_id = OLD.id;
  DELETE FROM unthreaded WHERE message_id = OLD.id;
END;
`
