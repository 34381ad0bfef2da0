package live

// Signal wakes one receiver, and holds at most one wake-up until it comes: those sent meanwhile are one.
type Signal chan struct{}

// NewSignal returns a signal that nobody has sent.
func NewSignal() Signal { return make(Signal, 1) }

// Send leaves a wake-up unless one is waiting. It never blocks.
func (s Signal) Send() {
	select {
	case s <- struct{}{}:
	default:
	}
}
