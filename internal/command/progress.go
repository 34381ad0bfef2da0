package command

import (
	"io"
	"time"

	"cloudtag/internal/logging"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a command is to a person at a terminal, and nothing to anybody else.
type progress struct {
	bar  *progressbar.ProgressBar // nil when nobody watches
	what string
}

// redrawEvery is how often the bar is drawn again at most.
const redrawEvery = 100 * time.Millisecond

// newProgress begins a bar; a total below 0 is unknown.
func newProgress(w io.Writer, what string, total int64, bytes bool) *progress {
	if !logging.IsTerminal(w) {
		return &progress{}
	}
	return drawnProgress(w, what, total, bytes)
}

// drawnProgress is a bar, whoever watches.
func drawnProgress(w io.Writer, what string, total int64, bytes bool) *progress {
	return &progress{what: what, bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(redrawEvery),
		progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionClearOnFinish(),
	)}
}

// add moves the bar on. Failing to draw is not worth stopping for.
func (p *progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// tell writes how fast it goes beside what is being done.
func (p *progress) tell(rate string) {
	if p.bar != nil && rate != "" {
		p.bar.Describe(p.what + ", " + rate)
	}
}

// hide takes the bar off the line, so that something else can be written there.
func (p *progress) hide() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// watched counts what is read into the bar.
func (p *progress) watched(in io.Reader) io.Reader {
	if p.bar == nil {
		return in
	}
	return io.TeeReader(in, p.bar)
}
