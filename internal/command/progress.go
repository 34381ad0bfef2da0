package command

import (
	"io"
	"time"

	"cloudtag/internal/logging"

	"github.com/schollz/progressbar/v3"
)

// progress is a progress bar on a terminal; on any other writer it does nothing.
type progress struct {
	bar         *progressbar.ProgressBar // nil unless the writer is a terminal
	description string
}

// redrawInterval is the shortest time between two redraws of the bar.
const redrawInterval = 100 * time.Millisecond

// newProgress starts a bar; a negative total is unknown. With bytes set the total is in bytes.
func newProgress(w io.Writer, description string, total int64, bytes bool) *progress {
	if !logging.IsTerminal(w) {
		return &progress{}
	}
	return drawnProgress(w, description, total, bytes)
}

// drawnProgress starts a bar on any writer.
func drawnProgress(w io.Writer, description string, total int64, bytes bool) *progress {
	return &progress{description: description, bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(description),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(redrawInterval),
		progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionClearOnFinish(),
	)}
}

// add advances the bar. An error in drawing it does not stop the command.
func (p *progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// showRate shows a rate beside the description.
func (p *progress) showRate(rate string) {
	if p.bar != nil && rate != "" {
		p.bar.Describe(p.description + ", " + rate)
	}
}

// hide clears the bar's line, so that something else can be written there.
func (p *progress) hide() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// end removes the bar.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// reader returns in; the bar advances by the bytes that are read from it.
func (p *progress) reader(in io.Reader) io.Reader {
	if p.bar == nil {
		return in
	}
	return io.TeeReader(in, p.bar)
}
