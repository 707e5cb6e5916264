// Package search is the catalogue: it understands what people type, analyses
// Indonesian text, and keeps a Bleve index of publications, pages and table
// titles.
//
// It knows the words and records of package conversation. It must not know who
// asks, how anything is stored or sent: it reads publications through [Source]
// and answers through conversation.Catalogue.
package search
