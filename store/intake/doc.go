// Package intake reads what an office has of its catalogue: answers of the BPS
// WebAPI, spreadsheets saved as CSV, and the names of PDF files.
//
// It knows the dirt of these sources and turns them into publications. It must
// not know where records are kept: it reads bytes and returns values.
package intake
