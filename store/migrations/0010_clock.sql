-- 0010: what the five-minute clock needs of a visit: the platform it was on, whether its
-- reader had been there before, when the first excerpt was asked for and when its receipt
-- came, how long the reader's messages had waited for us, and whether the platform failed
-- at first (held). Of older visits the platform is known where a reader has but one.
ALTER TABLE visits ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE excerpts ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE excerpts ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
UPDATE visits SET
  again = EXISTS (SELECT 1 FROM visits b WHERE b.reader = visits.reader AND b.opened < visits.opened),
  channel = coalesce((SELECT min(substr(address, 1, instr(address, ':') - 1)) FROM chats WHERE reader = visits.reader
    HAVING count(DISTINCT substr(address, 1, instr(address, ':') - 1)) = 1), '')
  WHERE reader IS NOT NULL;
