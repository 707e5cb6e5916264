-- 0003: what could not be opened or read is set aside here, with the reason, so that
-- everything else goes on. From this version on sealed values are bound to their row.
CREATE TABLE aside (
  id     INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,
  row    TEXT NOT NULL,
  chat   TEXT NOT NULL, -- whose it was, of what stands nowhere else
  sealed BLOB,          -- as it was found, of what stands nowhere else
  why    TEXT NOT NULL,
  found  INTEGER NOT NULL,
  told   INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, row)
);
