// Package holdings is the PDF files the library holds: page count, page text,
// page pictures, and excerpts with a mark on every page.
//
// It alone knows pdfcpu and pdfium. It must not know who asks, what anybody may
// have, or where anything is recorded.
package holdings
