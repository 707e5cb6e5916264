package main

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// A QR code of the desk has the error correction that a printed sheet on a desk, or a
// scratched screen, needs.

// qrPicture is the text as a square PNG of so many pixels.
func qrPicture(text string, pixels int) ([]byte, error) {
	png, err := qrcode.Encode(text, qrcode.Medium, pixels)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	return png, nil
}

// qrText is the text as a code of half blocks for a terminal with a dark background.
func qrText(text string) (string, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	return code.ToSmallString(false), nil
}
