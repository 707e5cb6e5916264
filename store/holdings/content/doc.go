// Package content reads PDF content streams (ISO 32000-1, 7.8.2 and 8 to 9):
// operators and operands, the graphics state, clips, and where on the page
// paths, images and each glyph of a text fall.
//
// It knows no files and no resources: whoever runs it is asked for fonts by
// name. Any bytes are read in bounded time and memory; what a viewer would have
// to guess at is an error.
package content
