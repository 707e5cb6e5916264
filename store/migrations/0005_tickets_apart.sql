-- 0005: nothing ties a ticket to a chat but the key. tickets.chat and tickets.person
-- hold keyed marks from here on, tickets.reader nothing; outbox.ref is sealed where
-- it names a ticket, and outbox.chat of a letter that has ended is a mark. What older
-- programs wrote is brought up to date when the file is first opened with its key.
ALTER TABLE tickets ADD COLUMN person TEXT NOT NULL DEFAULT '';
-- A complaint about staff is in no figure that those it is about may read.
ALTER TABLE tickets ADD COLUMN about_staff INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN forget INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tickets_person ON tickets(person) WHERE person <> '';
DROP INDEX tickets_due;
CREATE INDEX tickets_due ON tickets(due) WHERE due > 0;
