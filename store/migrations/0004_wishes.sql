-- 0004: what people wait for, and what their searches teach. A wish is answered once,
-- when the catalogue brings what it is about; a series that is followed gives one letter
-- an edition. A voice is a keyed hash of a chat and the words it typed: by it different
-- chats are counted, and nothing else is known of them.
CREATE TABLE wishes (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  chat   TEXT NOT NULL,
  mark   BLOB NOT NULL UNIQUE, -- keyed hash of chat and wish: one of each
  until  INTEGER NOT NULL,     -- 0: until it is ended
  looked INTEGER NOT NULL,     -- catalogue version it was last compared with
  data   BLOB NOT NULL
);
CREATE INDEX wishes_chat ON wishes(chat);

-- A search that found nothing, and the one after it whose hit was opened.
CREATE TABLE lessons (
  missed TEXT NOT NULL,
  meant  TEXT NOT NULL,
  voice  BLOB NOT NULL,
  learnt INTEGER NOT NULL,
  PRIMARY KEY (missed, meant, voice)
) WITHOUT ROWID;

-- What staff decided about a lesson; meant is '' when it was refused.
CREATE TABLE taught (
  missed  TEXT PRIMARY KEY,
  meant   TEXT NOT NULL,
  decided INTEGER NOT NULL,
  written INTEGER NOT NULL DEFAULT 0 -- its line stands in the office's table
) WITHOUT ROWID;

ALTER TABLE searches ADD COLUMN voice BLOB;
