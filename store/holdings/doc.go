// Package holdings is the PDF files the library holds: page count, page text,
// page pictures, and excerpts with a mark on every page.
//
// It alone knows pdfcpu and pdfium. It must not know who asks, what anybody may
// have, or where anything is recorded.
//
// # Excerpts
//
// An excerpt is made anew, by allow-list: for each granted page a new page with
// its boxes, its content and copies of the resources that this content names,
// followed through forms, patterns, Type 3 fonts and soft masks. Whatever else
// a file holds (annotations, outlines, structure, scripts, private data, old
// revisions, other pages) has no way in. The mark stands in the page's own
// content stream, under and over what the page shows. Each excerpt is then read
// again and compared with its source down to the bytes of every stream, and
// every object in it must have been met on the way. Where that cannot be done
// (pages that share a content stream, a hidden layer, damage) the pages become
// marked pictures instead, as they do for publications that are strict.
//
// No mark on text that stays text survives somebody who edits each page by
// hand. What is promised: no stock tool and no generic script takes the mark
// and leaves the page, and every copy leads to its reader through its code.
//
// # Untrusted files
//
// A file is first read by a child process of this very program, with bounded
// memory and time; so are all page pictures made. main and the TestMain of tests
// that get this far call [RunChild] before anything else.
//
// # Figures
//
// On two cores of a small server, 72 of 361 pages, marked and checked: 31 ms
// from the bytes of a file in the structure of the website, 18 ms when the
// publication is kept decoded, a third each for reading, cutting and the check;
// qpdf takes 37 s for the same file, gs 1.7 s, and mutool, in 0.06 s, leaves
// every page's form inside. A plain file: 25 ms, qpdf 30 to 90 ms. A child reads
// 346 real pages in 0.8 s and 75 MB; the first one compiles pdfium, some 3.5 s
// and 330 MB, kept in [Options.Cache].
package holdings
