// Command pst is the library desk of a statistics office as a chat bot: its
// readers register, search the publications, and receive watermarked excerpts
// over WhatsApp, Telegram or a terminal.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the office's zone, on machines that have none

	"pst/store/holdings"
)

func main() {
	holdings.RunChild() // a child that reads an untrusted PDF never gets past here
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}
