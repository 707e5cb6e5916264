-- 0011: what happened at the desk that has no row of its own, counted by the day of the
-- office's clock: 'cap' (a request beyond the 20%), 'door ' and what was asked for that
-- others answer, 'missed ' and where, 'failed ' and by what channel.
CREATE TABLE tallies (
  day  TEXT NOT NULL, -- '2026-11-30'
  what TEXT NOT NULL,
  n    INTEGER NOT NULL,
  PRIMARY KEY (day, what)
) WITHOUT ROWID;
