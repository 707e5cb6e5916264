-- 0013: the statistical tables of a publication that proved themselves when its file was
-- read, by conversation.DataTable.Key. Silent ones answer nobody until staff looked at them.
CREATE TABLE data_tables (
  publication TEXT NOT NULL REFERENCES publications(id),
  key         TEXT NOT NULL,
  page        INTEGER NOT NULL,
  data        BLOB NOT NULL, -- deflated JSON
  PRIMARY KEY (publication, key)
) WITHOUT ROWID;
CREATE TABLE silent_tables (
  publication TEXT NOT NULL,
  key         TEXT NOT NULL,
  since       INTEGER NOT NULL,
  PRIMARY KEY (publication, key)
) WITHOUT ROWID;
