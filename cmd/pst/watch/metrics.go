package watch

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are a desk's numbers, in a registry of their own. Labels take their values from
// bounded sets: channels ("telegram", "whatsapp", "mail", "web", "desk"), outcomes, kinds.
type Metrics struct {
	registry *prometheus.Registry

	Messages *prometheus.CounterVec // channel, heard
	Turns    *prometheus.HistogramVec
	Letters  *prometheus.CounterVec   // channel, outcome
	Delivery *prometheus.HistogramVec // channel, outcome: sent or failed
	Searches *prometheus.HistogramVec // of
	Files    *prometheus.HistogramVec // kind, outcome
	Refusals *prometheus.CounterVec   // why
	Excerpts *prometheus.CounterVec   // step
	Tickets  *prometheus.CounterVec   // kind
	Events   *prometheus.CounterVec   // what
}

// Buckets in seconds: of what is done at once, of letters and files that may wait.
var (
	quick   = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	patient = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600}
)

// NewMetrics makes them, with those of the process.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.Messages = m.counter("messages_total",
		"Messages of people that were answered, by channel, and whether they were understood.", "channel", "heard")
	m.Turns = m.histogram("turn_seconds", "Time from taking what waits of a chat to its durable answer.", quick, "outcome")
	m.Letters = m.counter("letters_total",
		"Ends of sendings: sent, later (will be tried again), failed (for good), bounced.", "channel", "outcome")
	m.Delivery = m.histogram("delivery_seconds", "Time from a letter's entry into the outbox to its end.", patient,
		"channel", "outcome")
	m.Searches = m.histogram("search_seconds", "Time of a search of the catalogue, or of the tables.", quick, "of")
	m.Files = m.histogram("file_seconds", "Time of cutting an excerpt or drawing a preview.", patient[:12],
		"kind", "outcome")
	m.Refusals = m.counter("refusals_total",
		"Refused: pages beyond the 20% (cap), what another office or service does (door).", "why")
	m.Excerpts = m.counter("excerpts_total", "Excerpts: ordered, delivered, failed.", "step")
	m.Tickets = m.counter("tickets_total", "Tickets opened, by kind, without complaints about staff.", "kind")
	m.Events = m.counter("events_total", "What happened at the desk.", "what")
	return m
}

const space = "pst"

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: space, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	options := prometheus.HistogramOpts{Namespace: space, Name: name, Help: help, Buckets: buckets}
	h := prometheus.NewHistogramVec(options, labels)
	m.registry.MustRegister(h)
	return h
}

// Gauge is a number that is looked up when it is asked for.
type Gauge struct {
	name, help string
	labels     []string
}

// The numbers that are looked up.
var (
	CheckWell  = Gauge{"well", "1 where a look at /healthz finds all well, else 0.", []string{"check"}}
	ChannelUp  = Gauge{"channel_up", "1 for a channel that serves, else 0.", []string{"channel"}}
	Waiting    = Gauge{"queue_waiting", "Messages or letters that wait.", []string{"queue", "channel"}}
	Due        = Gauge{"outbox_due", "Letters that could leave now.", []string{"channel"}}
	Oldest     = Gauge{"queue_oldest_seconds", "Age of the oldest that waits; 0 for none.", []string{"queue", "channel"}}
	Open       = Gauge{"tickets_open", "Tickets not closed, without complaints about staff.", []string{"kind"}}
	Overdue    = Gauge{"tickets_overdue", "Complaints without an answer past the promised working days.", nil}
	DiskFree   = Gauge{"disk_free_bytes", "Room on the disk of the data folder.", nil}
	BackupAge  = Gauge{"backup_age_seconds", "Age of the newest nightly backup.", nil}
	Info       = Gauge{"build_info", "The program's version.", []string{"version"}}
	lookFailed = Gauge{"look_failed", "A look for numbers failed.", nil}
)

func (g Gauge) desc() *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(space, "", g.name), g.help, g.labels, nil)
}

// Tell takes the value of a gauge, with a value for each of its labels.
type Tell func(g Gauge, value float64, labels ...string)

// looked collects gauges when they are asked for.
type looked func(ctx context.Context, tell Tell) error

// lookWithin is how long looking up the gauges may take.
const lookWithin = 20 * time.Second

// Describe implements [prometheus.Collector]: which gauges there are shows when they are
// collected.
func (looked) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (l looked) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lookWithin)
	defer cancel()
	err := l(ctx, func(g Gauge, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(g.desc(), prometheus.GaugeValue, value, labels...)
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(lookFailed.desc(), err)
	}
}

// LookUp has look called for the gauges each time that they are asked for. What it told
// before an error counts.
func (m *Metrics) LookUp(look func(ctx context.Context, tell Tell) error) {
	m.registry.MustRegister(looked(look))
}

// Handler answers with all numbers. One that cannot be gathered leaves out its own.
func (m *Metrics) Handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	})
}
