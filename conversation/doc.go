// Package conversation is the library desk itself: the engine, its table of
// states, and the desk's words and rules (reader, visit, guest book,
// publication, quota, excerpt, rating, ticket).
//
// It knows what a message means and what must happen because of it. It must
// not know where a message came from, how anything is kept, searched, cut or
// sent: no SQL, no network, no PDF, no Bleve. What it needs from the others it
// states as the interfaces [Store] and [Catalogue]; what must happen it returns
// as data ([Effect]) for the store to carry out in one transaction.
package conversation
