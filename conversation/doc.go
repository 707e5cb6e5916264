// Package conversation is the library desk itself: the engine, its table of
// states, and the desk's words and rules (reader, visit, guest book,
// publication, quota, excerpt, rating, ticket).
//
// It knows what a message means and what must happen because of it. It must
// not know where a message came from, how anything is kept, searched, cut or
// sent: no SQL, no network, no PDF, no Bleve. What it needs from the others it
// states as the interfaces [Store] and [Catalogue]; what must happen it returns
// as data ([Effect]) for the store to carry out in one transaction.
//
// # The engine
//
//   - engine.go: takes messages of a chat, answers each with a turn
//   - states.go: the table of states; from top to bottom it tells the dialogue
//   - question.go: what a state is, how its question is asked and its answer read
//   - listen.go: the one order in which a message is read
//   - commands.go: words that work in every state
//   - services.go: questions about the service, answered where they are asked
//   - choices.go: long lists of answers in parts
//   - paging.go: long lists of results, whose buttons stay true
//   - press.go: buttons, of the question at hand and of earlier ones
//   - kinds.go: what is not text, edited messages, albums
//   - courtesy.go: quotes, and numbers to copy
//   - said.go: refusals, and what is said to whom
//   - forms.go: forms put aside and gone on with
//   - flood.go: too much at once, and what waited too long
//   - clock.go: deadlines, and what the desk writes to itself
//   - graph.go: the drawing of the table
//
// # The records
//
//   - address.go, message.go: whom and what
//   - domain.go: reader, visit, publication, excerpt, ticket
//   - session.go: where a chat stands
//   - effect.go: what must happen
//   - store.go, catalogue.go: what others do for the desk
//   - office.go: the office, its staff and its settings
//   - workdays.go: the one rule of working days
//
// # The texts
//
//   - text/id.tmpl: every sentence that people are told
//   - texts.go: the texts, with an office's own over them
//   - texts_source.go: a text as it is written, for the page that changes it
//   - texts_check.go, texts_fault.go, texts_sample.go: own texts that the desk could not use
//   - words.go: cleaning, cutting and disarming what people write
//
// # The chapters, in the order of the table
//
// The files of a chapter share their first word, and so do its texts and its
// transcripts (testdata) where they tell of nothing else. Welcome is the table alone.
//
//   - registration.go: identity, summary, the account
//   - registration_cards.go, registration_contact.go, registration_mailbox.go: cards, phones, e-mail
//   - registration_verify.go, registration_codemail.go: the code, and how its letter fares
//   - visit.go: the guest book
//   - visit_rating.go: the one question after a delivery
//   - survey.go, survey_skm.go: the survey of public satisfaction, and its index
//   - library_find.go: searching, and the list of hits
//   - library_book.go: a publication and the right to excerpts of it
//   - library_pages.go: sets of pages and the 20% rule
//   - library_wanted.go: which pages a message means
//   - library_excerpt.go, library_mark.go: from pages to the order, and what is written on each page
//   - library_strict.go: publications handed out as pictures alone
//   - library_cite.go: citations, and a page as text
//   - library_tables.go, library_titles.go: tables over several pages, titles in lists
//   - library_wish.go, library_wish_data.go: what a chat waits for
//   - learn.go: what searches in vain teach
//   - datum.go: a table of numbers and a cell of it
//   - datum_told.go, datum_answer.go: a number told, and what was told found again
//   - datum_series.go, datum_file.go: other years, and the table as a file
//   - genuine.go: whether a code or a file is the desk's
//   - arrival.go, arrival_shelf.go: a visit planned, books on the shelf
//   - loan.go, loan_staff.go: a printed book lent, for its reader and for staff
//   - profile.go, profile_fields.go: the guest-book profile
//   - complaint.go: from the category to the ticket
//   - complaint_closing.go, complaint_copy.go: whether it is settled, and the copy by mail
//   - ticket.go: a ticket for its person
//   - ticket_cards.go, ticket_owners.go, ticket_secret.go: what staff see of it, who of them, and what nobody sees
//   - handoff.go, handoff_reply.go: a person of the staff instead of the bot
//   - staff.go: what staff write
//   - staff_parse.go, staff_commands.go, staff_orders.go: commands understood and explained
//   - staff_tickets.go, staff_answers.go: orders for tickets, and plain answers
//   - staff_data.go, staff_erase.go: codes, frozen and erased accounts
//   - staff_report.go, staff_words.go, staff_door.go: the report, search words, the way to the page
//   - looks.go, looks_readers.go, looks_trail.go: what staff see at the page, and the audit of it
//   - mydata.go: the rights of a person over their data
//   - report.go, report_text.go: the figures of a period, and as a letter
//   - report_period.go, report_tally.go: periods, and what is counted by the day
//   - report_cell.go, report_together.go: nobody is recognised, in one office or a sum of them
//
// # How it is tested
//
// Transcripts in testdata are the specification: what people write, what the desk says, the
// marks on excerpts and the lines of the audit. cmd/pst plays them (TestTranscripts) over the
// real store, catalogue and holdings, which this package must not know, in its tests
// neither; together they walk every exit and use every text. The tests here try rules by
// themselves and whatever people may write, over a store in memory.
package conversation
