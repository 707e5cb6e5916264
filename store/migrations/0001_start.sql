-- 0001: everything the desk keeps. Times are milliseconds since 1970 (UTC), 0 =
-- never. A column named "data", "payload" or "comment" holds sealed JSON or text
-- (AES-256-GCM, key outside the database) or NULL once emptied. The statistics
-- that outlive a person stand in columns of their own beside it.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- Readers and the persons behind them. A person is what the 20% cap counts for;
-- two readers who share a verified e-mail or an official card are one person.
CREATE TABLE readers (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  number     TEXT NOT NULL UNIQUE,
  email_hash TEXT NOT NULL,
  person     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  data       BLOB NOT NULL
);
CREATE UNIQUE INDEX readers_email ON readers(email_hash) WHERE email_hash <> '';
CREATE INDEX readers_person ON readers(person);
CREATE INDEX readers_created ON readers(created_at);

-- Keyed hashes by which a person is known again, also after an erasure: until
-- is then the date on which the hash is forgotten; 0 while a reader lives.
CREATE TABLE identities (
  hash   TEXT PRIMARY KEY,
  person INTEGER NOT NULL,
  until  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX identities_person ON identities(person);

-- What the monthly report still knows of readers who were erased.
CREATE TABLE past_readers (
  id         INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL, -- to the hour only
  gender     TEXT NOT NULL,
  education  TEXT NOT NULL,
  occupation TEXT NOT NULL,
  origin     TEXT NOT NULL
);

CREATE TABLE chats (
  id        INTEGER PRIMARY KEY,
  address   TEXT NOT NULL UNIQUE,
  reader    INTEGER REFERENCES readers(id),
  linked_at INTEGER NOT NULL DEFAULT 0,
  state     TEXT NOT NULL DEFAULT '',
  data      BLOB,
  version   INTEGER NOT NULL DEFAULT 0,
  deadline  INTEGER NOT NULL DEFAULT 0,
  seen_at   INTEGER NOT NULL DEFAULT 0,
  away      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX chats_reader ON chats(reader) WHERE reader IS NOT NULL;
CREATE INDEX chats_deadline ON chats(deadline) WHERE deadline > 0;

-- mark is a keyed hash of address and message id: it recognises a message that
-- is delivered twice without keeping who wrote it. The address and the payload
-- are emptied when the message has been handled.
CREATE TABLE inbox (
  seq     INTEGER PRIMARY KEY,
  mark    BLOB NOT NULL UNIQUE,
  scheme  TEXT NOT NULL,
  chat    TEXT NOT NULL,
  state   INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 handled, 2 set aside
  payload BLOB,
  put_at  INTEGER NOT NULL,
  ended   INTEGER NOT NULL DEFAULT 0,
  why     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX inbox_waiting ON inbox(seq, scheme, chat) WHERE state = 0;

-- As few indexes as will do: every page that a turn touches is written once
-- more before the answer leaves.
CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  scheme      TEXT NOT NULL,
  chat        TEXT NOT NULL,
  state       INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 sent, 2 failed for good
  payload     BLOB,
  ref         TEXT NOT NULL,
  report      INTEGER NOT NULL,
  excerpt     TEXT NOT NULL,
  queued      INTEGER NOT NULL,
  due         INTEGER NOT NULL,
  expires     INTEGER NOT NULL,
  attempt     INTEGER NOT NULL DEFAULT 0,
  ended       INTEGER NOT NULL DEFAULT 0,
  platform_id TEXT NOT NULL DEFAULT '',
  receipt     TEXT NOT NULL DEFAULT '',
  receipt_at  INTEGER NOT NULL DEFAULT 0,
  why         TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_waiting ON outbox(chat, id, due, scheme, excerpt, ref) WHERE state = 0;
CREATE INDEX outbox_sent ON outbox(chat, platform_id) WHERE platform_id <> '';
CREATE INDEX outbox_ref ON outbox(ref) WHERE state = 0 AND ref <> '';

CREATE TABLE codes (
  id         INTEGER PRIMARY KEY,
  email_hash TEXT NOT NULL,
  sent_at    INTEGER NOT NULL
);
CREATE INDEX codes_email ON codes(email_hash, sent_at);

CREATE TABLE visits (
  id           TEXT PRIMARY KEY,
  reader       INTEGER REFERENCES readers(id),
  mode         TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  opened       INTEGER NOT NULL,
  first_result INTEGER NOT NULL,
  delivered    INTEGER NOT NULL,
  data         BLOB
);
CREATE INDEX visits_reader ON visits(reader) WHERE reader IS NOT NULL;
CREATE INDEX visits_opened ON visits(opened);

CREATE TABLE publications (
  id       TEXT PRIMARY KEY,
  pages    INTEGER NOT NULL,
  version  INTEGER NOT NULL, -- of the catalogue, at the last change
  deleted  INTEGER NOT NULL DEFAULT 0,
  record   TEXT NOT NULL,    -- JSON
  contents BLOB,             -- digest of page texts and entries
  entries  BLOB              -- deflated JSON
);
CREATE INDEX publications_version ON publications(version);

CREATE TABLE pages (
  publication TEXT NOT NULL REFERENCES publications(id),
  number      INTEGER NOT NULL,
  printed     TEXT NOT NULL,
  front       INTEGER NOT NULL,
  text        BLOB NOT NULL, -- deflated
  PRIMARY KEY (publication, number)
);

CREATE TABLE excerpts (
  code        TEXT PRIMARY KEY,
  reader      INTEGER REFERENCES readers(id),
  visit       TEXT NOT NULL,
  publication TEXT NOT NULL,
  pages       TEXT NOT NULL, -- as ranges
  page_count  INTEGER NOT NULL,
  requested   INTEGER NOT NULL,
  delivered   INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  sha256      TEXT NOT NULL DEFAULT '',
  mode        TEXT NOT NULL DEFAULT '',
  verdict     TEXT NOT NULL DEFAULT '',
  data        BLOB
);
CREATE INDEX excerpts_reader ON excerpts(reader) WHERE reader IS NOT NULL;
CREATE INDEX excerpts_delivered ON excerpts(delivered) WHERE delivered > 0;

-- The quota ledger: which page of which publication a person has, and through
-- which excerpt. A page may stand here through several excerpts; it is free
-- again only when the last of them is gone.
CREATE TABLE ledger (
  person      INTEGER NOT NULL,
  publication TEXT NOT NULL,
  page        INTEGER NOT NULL,
  excerpt     TEXT NOT NULL,
  PRIMARY KEY (person, publication, page, excerpt)
) WITHOUT ROWID;
CREATE INDEX ledger_excerpt ON ledger(excerpt);

CREATE TABLE ratings (
  visit   TEXT PRIMARY KEY,
  reader  INTEGER REFERENCES readers(id),
  score   INTEGER NOT NULL,
  rated   INTEGER NOT NULL,
  comment BLOB
);
CREATE INDEX ratings_reader ON ratings(reader) WHERE reader IS NOT NULL;
CREATE INDEX ratings_rated ON ratings(rated);

CREATE TABLE searches (
  id       TEXT PRIMARY KEY,
  query    TEXT NOT NULL,
  hits     INTEGER NOT NULL,
  chosen   TEXT NOT NULL,
  searched INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE tickets (
  id       TEXT PRIMARY KEY,
  tail     TEXT NOT NULL,
  kind     TEXT NOT NULL,
  reader   INTEGER REFERENCES readers(id),
  chat     TEXT NOT NULL,
  state    TEXT NOT NULL,
  open     INTEGER NOT NULL,
  opened   INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  closed   INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  data     BLOB NOT NULL
);
CREATE INDEX tickets_tail ON tickets(tail);
CREATE INDEX tickets_reader ON tickets(reader) WHERE reader IS NOT NULL;
CREATE INDEX tickets_chat ON tickets(chat);
CREATE INDEX tickets_open ON tickets(opened) WHERE open = 1;
CREATE INDEX tickets_due ON tickets(due) WHERE open = 1 AND due > 0;

CREATE TABLE posts (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket TEXT NOT NULL REFERENCES tickets(id),
  author TEXT NOT NULL,
  posted INTEGER NOT NULL,
  data   BLOB
);
CREATE INDEX posts_ticket ON posts(ticket);

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  who     TEXT NOT NULL, -- masked address or the name of a command
  what    TEXT NOT NULL,
  subject TEXT NOT NULL  -- reader number, ticket or excerpt code
);
CREATE TRIGGER audit_keep_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END;
CREATE TRIGGER audit_keep_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit lines are never removed'); END;
