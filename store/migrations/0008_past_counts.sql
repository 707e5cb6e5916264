-- 0008: of readers who were erased the counts of a month are kept, each value by itself:
-- a row of all that one of them gave would be one person in a small office. month is the
-- middle of the month; of every reader, and of every whole profile, one is counted
-- under field '' and 'profile'.
CREATE TABLE past_counts (
  month INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (month, field, value)
) WITHOUT ROWID;
INSERT INTO past_counts (month, field, value, count)
  SELECT month, field, value, count(*) FROM (
    SELECT strftime('%s', created_at / 1000 + 25200, 'unixepoch', 'start of month', '+14 days') * 1000 AS month, f.field AS field,
      CASE f.field WHEN 'gender' THEN gender WHEN 'education' THEN education WHEN 'occupation' THEN occupation
        WHEN 'origin' THEN origin WHEN 'profile' THEN iif(gender = '' OR education = '' OR occupation = '' OR origin = '', '', 'complete')
        ELSE 'reader' END AS value
    FROM past_readers, (SELECT 'gender' AS field UNION ALL SELECT 'education' UNION ALL SELECT 'occupation' UNION ALL
      SELECT 'origin' UNION ALL SELECT 'profile' UNION ALL SELECT '') f)
  WHERE value <> '' GROUP BY month, field, value;
DROP TABLE past_readers;
