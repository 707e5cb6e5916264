-- 0014: what was told as a number, by the code that stands under it, so that staff can
-- say which table was read wrongly. It names no person, and the time is the hour.
CREATE TABLE answers (
  code        TEXT NOT NULL,
  nth         INTEGER NOT NULL, -- of the numbers of one message, from 1
  publication TEXT NOT NULL,
  tab         TEXT NOT NULL,    -- conversation.DataTable.Key
  row         TEXT NOT NULL,    -- in the table's own words
  col         TEXT NOT NULL,
  value       TEXT NOT NULL,    -- as printed
  told        INTEGER NOT NULL,
  PRIMARY KEY (code, nth)
) WITHOUT ROWID;
CREATE INDEX answers_told ON answers (told);
