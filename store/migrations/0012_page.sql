-- 0012: the desk's page for staff. A door is a code that lets one member of staff in
-- once; shut says since when what they opened before is void.
CREATE TABLE doors (
  staff TEXT NOT NULL PRIMARY KEY,
  hash  TEXT NOT NULL, -- keyed, of the code; '' once it was used
  until INTEGER NOT NULL,
  shut  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
-- Sessions at the page, by the hash of what the browser holds.
CREATE TABLE page_sessions (
  id    TEXT NOT NULL PRIMARY KEY,
  until INTEGER NOT NULL,
  data  BLOB NOT NULL
) WITHOUT ROWID;
