-- 0006: pages are known by what stands on them. A print is the digest of a page's
-- words, or of file and number where a page has none. Pages below 0 stood in an
-- earlier file of the publication and are in the ledger still. A publication
-- that turned out to be another one names it in "same".
CREATE TABLE prints (
  publication TEXT NOT NULL,
  page        INTEGER NOT NULL,
  print       BLOB NOT NULL,
  blank       INTEGER NOT NULL, -- 1: the page has no words to speak of
  PRIMARY KEY (publication, page)
) WITHOUT ROWID;
CREATE INDEX prints_print ON prints(print);
ALTER TABLE publications ADD COLUMN same TEXT NOT NULL DEFAULT '';
