-- 0007: every ended letter looks like any other one.
ALTER TABLE outbox DROP COLUMN forget;
