// Package store keeps what must last: chats and their sessions, inbox and
// outbox, readers, visits, publications and their page texts, the quota ledger,
// ratings, tickets and the audit table, in one SQLite file.
//
// It knows the records of package conversation and carries out its effects, one
// turn a transaction. It must not decide anything about the service: no text
// for people, no rule but those that only a transaction can hold (the cap, and
// what must be unique). It knows nothing of bot and search.
//
// What people write, and what names them, rests sealed with a key made from a
// secret outside the database, and is emptied when it has been handled. Changes
// that wait at the same time share one flush to the disk. A person is more than
// a reader: whoever proves the same e-mail or shows the same official card again
// finds the pages they had, also after an erasure, until the hashes' date.
package store
