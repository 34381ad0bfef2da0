package command

import "io"

// Streams are a command's input and output: results go to Out, messages to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}
