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
//
// Reports: every figure is defined once, in figures*.go: its name, key, query and
// chart; text, CSV, JSON, the page (HTML, prints on A4, inline SVG) and the workbook
// walk through the same. LAPORAN, LAPORAN triwulan 4, LAPORAN 2026, LAPORAN 11/2026
// berkas from a staff chat; RINGKASAN nyala tells one line as the desk opens on working
// days. The clock runs from the guest book to the receipt of the first excerpt, where
// the platform gives one. 1,000,000 visits of 100,000 readers: go test ./store -run xxx
// -bench Report -benchtime 1x.
//
// A person is known by their mailbox however it is written (case, +tag, dots at Gmail,
// the several domains of Gmail, Proton, iCloud and Yandex; the rules and their sources
// stand in conversation/registration_mailbox.go); mail goes to the address as given. A
// card number alone shares the cap with another account and shows nothing of it.
package store
