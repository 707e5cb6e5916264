// Package watch tells an operator, and the operator's tools, how a desk is doing: over
// HTTP on this machine alone ([Server]: /healthz, /metrics), and to systemd ([Service]).
//
// It knows what is looked at by name and by outcome, and nothing of how it is done: cmd
// hands the looks over as functions. No label, no line and no number here is about a
// person: labels take their values from bounded sets, and what is counted is a desk's.
//
// systemd: pst serve tells READY, STATUS and STOPPING, and gives its watchdog a sign of
// life only while the database is written and read and all loops go round; a platform
// that is down or a full disk is no reason to restart. Under Debian's systemd 252,
// booted in a container: ready 0.4 s after systemctl start, started anew by the watchdog
// when it was held with SIGSTOP. -log json writes each log line as JSON; in the journal
// lines come without a time of their own and with their priority (journalctl -p err).
// MemoryDenyWriteExecute= keeps the page reader from running: the log and /healthz name
// it.
package watch
