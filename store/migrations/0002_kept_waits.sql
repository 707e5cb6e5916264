-- 0002: whether a platform asked for the wait of a letter. Such a wait is kept
-- also when the letter's person writes.
ALTER TABLE outbox ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
