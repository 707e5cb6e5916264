// Package watch tells an operator, and the operator's tools, how a desk is doing: over
// HTTP on this machine alone ([Server]: /healthz, /metrics), and to systemd ([Service]).
//
// It knows what is looked at by name and by outcome, and nothing of how it is done: cmd
// hands the looks over as functions. No label, no line and no number here is about a
// person: labels take their values from bounded sets, and what is counted is a desk's.
package watch
