// Package holdings is the PDF files the library holds: page count, page text,
// page pictures, and excerpts with a mark on every page.
//
// It alone knows pdfcpu and pdfium. It must not know who asks, what anybody may
// have, or where anything is recorded.
//
// # Excerpts
//
// An excerpt is written anew (package internal/rewrite). Each granted page's
// content is interpreted, operator by operator (package content), and written
// from what was understood: what falls outside the crop box or the clip, what a
// layer hides, what no operator names has no way in, and of an image, a tile, a
// glyph of a Type 3 font that shows in part only that part has. Dictionaries are
// made of the keys that readers need, fonts of the glyphs shown
// (internal/subset), streams of their decoded data, the labels of the kept pages of
// plain values (labels.go). What annotations and form
// fields look like is drawn in. A page with something that is not understood
// becomes a marked picture, and only that page.
//
// Nothing of this is taken on trust. pdfium compares each page written anew
// with its source, letters and pixels, when the publication is added or the
// page is first cut, and the verdict is kept; a page that differs becomes a
// picture, one that has lost its content an error. Each finished file is then
// taken apart by a reader that knows nothing of the writer (internal/proof): no
// object without a page that paints with it, no resource without an operator that
// names it, no byte between objects or behind the end of packed data, no string
// that is not shown.
//
// Files are read object by object (internal/pdfsrc); those that are encrypted or
// damaged as a whole, by pdfcpu. Where pdfcpu or pdfsrc and pdfium disagree about
// a file, a copy that pdfium wrote is what the folder holds.
//
// # The mark
//
// The mark is not text: who copies a page, or hears it read, meets the page's
// own words. It is woven between what the page draws (mark.go): letters of light
// and of dark strokes, small pictures, and the footer's words among them, each page
// in places, tints and shapes of its own. Beside the line with the code stands a
// small square code (marksquare.go) that leads a phone from paper to the check of
// it. Pictures that cover a fiftieth of a page or more have it in their pixels too
// (pixels.go), those of JPEG block by block, so that the rest of them stays as it
// was (internal/jpegmark); pages of pictures of which that cannot be done become
// pictures themselves.
//
// What is tested (attack_test.go, pages compared as pictures): none of the
// scripts there, which drop the first and last block, all forms, all pictures,
// all patterns, all text, all strokes, all paths, all matrices or those that turn,
// the blocks without text, of a matrix, of one colour, of a tint, of grey or light
// colours, what several pages have in common, or what stock tools call a
// watermark, takes the mark and leaves the page; and the pictures of a scan have
// it when they are taken out. A script that drops several kinds at once, or
// somebody who edits each page by hand, can have a page of mere text without its
// mark. Every copy leads to its reader through its code.
//
// # Untrusted files
//
// A file is first read by a child process of this very program, with bounded
// memory and time; so are all page pictures made. main and the TestMain of tests
// that get this far call [RunChild] before anything else.
//
// # Figures
//
// On a small server, 72 of 361 pages cost some 30 ms of CPU in process, marked and
// checked, and share the processors; qpdf takes 24 s for a file in the structure of
// the website and 0.02 s for a plain one. The mark is a third of that, the proof
// a quarter. A page is compared once, for 4 to 15 ms. A child reads and compares
// 346 real pages in 4 s and 124 MB; the first one compiles pdfium, some 4 s and
// 330 MB, kept in [Options.Cache], before any deadline runs. 20 sheets of a scan of
// 91 MB, marked in their pixels, take 0.3 s of CPU and 127 MB; a scan of 498 MB is
// read and compared in 4 s and 336 MB.
package holdings
