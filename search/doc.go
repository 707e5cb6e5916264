// Package search is the catalogue: it understands what people type, analyses
// Indonesian text, and keeps a Bleve index of publications, pages and table
// titles.
//
// It knows the words and records of package conversation. It must not know who
// asks, how anything is stored or sent: it reads publications through [Source]
// and answers through conversation.Catalogue.
//
// # The way of a query
//
// [Catalogue.Search] reads the words into a meaning (understand.go, concept.go): numbers and
// years are taken out, spelling is mended from the catalogue's own vocabulary,
// areas become a filter with the own office as default, terms are sought in all
// the ways they are said. Candidates are the series of the offices asked, kept in memory
// (collection.go); pages and what lies elsewhere come from Bleve. The order is our own
// (match.go and rank.go for titles, inside.go for pages), so that it depends on nothing but
// the query and the records: not on the build, nor on how many other offices
// there are. Documents are series, not publications: of a yearly book the newest
// edition answers, or the one of the year asked for, with the others behind it.
//
// The tables under tables/ say what the program knows of words, terms, areas and
// series. An office extends them by files of the same names (Options.Tables);
// [ValidateTables] names a bad line.
//
// # The index
//
// The folder holds generations, each a Bleve index that never changes once it is
// published, and one small file that names the current one (generation.go). Any
// number of processes read, one at a time writes; a reader takes up what another
// process published at its next search. The source is the truth: an index that
// is missing, damaged or made by another version is made anew from it.
//
// # Measuring
//
//	go test ./search -run Judged -v                                  the project's own judged set
//	PST_JUDGED=DIR go test ./search -run JudgedFolder -v             another one: OFFICE.json, queries.jsonl, qrels.tsv
//	PST_JUDGED=DIR PST_CATALOGUE=BIG go test ./search -run JudgedFolder -v   its queries on another catalogue
//	PST_CATALOGUE=DIR go test ./search -run TargetsFolder -v         our queries on another catalogue
//	PST_SEARCH="pst search -data FIVE -json -pages -" go test ./search -run PagesAsked -v   testdata/pages.tsv, see the
//
// test
//
//	go test ./search -run NONE -bench . -benchtime 2000x -v          speed, on 56,764 records and 50,040 pages
//	PST_GROWTH=205000 go test ./search -run Growth -v                memory, time and answers of very many records
package search
