-- 0009: the answers of the SKM survey, as counts of a month alone: what is
-- 'respondents', 'item 1' to 'item 9' (value: the score), or 'who ' and a
-- characteristic. No row is of one person.
CREATE TABLE surveys (
  month TEXT NOT NULL, -- '2026-11', of the office's clock
  what  TEXT NOT NULL,
  value TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (month, what, value)
) WITHOUT ROWID;
