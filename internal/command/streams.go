package command

import "io"

// Streams are where a command reads and writes: answers to Out, everything said about them to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}
