package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"cloudtag/internal/config"
	"cloudtag/internal/datafile"
)

// stdin is the file name for standard input.
const stdin = "-"

// files reads the rows of several files, one after the other.
type files[T any] struct {
	kind     datafile.Kind[T]
	names    []string
	formats  []datafile.Format
	streams  Streams
	progress *progress
	strict   bool

	at      int // index of the current file
	open    io.Closer
	current *datafile.Reader[T]
	warned  []string // unknown columns of the current file that were printed
}

// openFiles prepares to read files; an empty format is derived from each name's extension. It fails before anything is
// read when an extension is unknown.
func openFiles[T any](kind datafile.Kind[T], names []string, format string, strict bool, streams Streams, progress *progress) (*files[T], error) {
	formats, err := formatsOf(names, format)
	if err != nil {
		return nil, err
	}
	return &files[T]{kind: kind, names: names, formats: formats, streams: streams, progress: progress, strict: strict}, nil
}

// formatsOf returns the format of each file; an empty format is derived from the extension.
func formatsOf(names []string, format string) ([]datafile.Format, error) {
	formats := make([]datafile.Format, len(names))
	for i, name := range names {
		formats[i] = datafile.Format(format)
		if format != "" {
			continue
		}
		var err error
		if formats[i], err = datafile.FormatOf(name); err != nil {
			return nil, err
		}
	}
	return formats, nil
}

// CheckFiles returns an error if a file of an import can't be opened, so that no store is created for a mistyped name.
func CheckFiles(settings *config.Import) error {
	if _, err := formatsOf(settings.Files, settings.Format); err != nil {
		return err
	}
	for _, name := range settings.Files {
		if name == stdin {
			continue
		}
		file, err := datafile.Open(name)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (f *files[T]) next() (row T, at place, err error) {
	for {
		if f.current == nil {
			if f.at == len(f.names) {
				return row, at, io.EOF
			}
			if err := f.begin(); err != nil {
				return row, at, err
			}
		}
		name := f.displayName()
		row, line, err := f.current.Next()
		var bad *datafile.RowError
		switch {
		case err == nil:
			return row, place{name, line}, nil
		case errors.Is(err, io.EOF):
			if err := f.end(); err != nil {
				return row, at, err
			}
		case errors.As(err, &bad):
			return row, place{name, bad.Line}, err
		default:
			return row, at, fmt.Errorf("%s: %w", name, err)
		}
	}
}

// displayName is the current file's name in messages.
func (f *files[T]) displayName() string {
	if f.names[f.at] == stdin {
		return "standard input"
	}
	return f.names[f.at]
}

// begin opens the next file.
func (f *files[T]) begin() error {
	in, err := f.openCurrent()
	if err != nil {
		return err
	}
	f.open, f.warned = in, nil
	reader, err := datafile.NewReader(f.progress.reader(in), f.formats[f.at], f.kind)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", f.displayName(), err), f.close())
	}
	f.current = reader
	return f.warnUnknown()
}

func (f *files[T]) openCurrent() (io.ReadCloser, error) {
	if f.names[f.at] == stdin {
		return io.NopCloser(f.streams.In), nil
	}
	return datafile.Open(f.names[f.at])
}

// end closes a file that was read to its end.
func (f *files[T]) end() error {
	warning := f.warnUnknown()
	f.current = nil
	closing := f.close()
	f.at++
	return errors.Join(warning, closing)
}

// close closes the current file, if one is open.
func (f *files[T]) close() error {
	if f.open == nil {
		return nil
	}
	err := f.open.Close()
	f.open = nil
	return err
}

// warnUnknown prints the unknown columns, which are ignored; in a strict import they are an error.
func (f *files[T]) warnUnknown() error {
	var unknown []string
	for _, column := range f.current.Unknown() {
		if !slices.Contains(f.warned, column) {
			unknown = append(unknown, fmt.Sprintf("%q", column))
			f.warned = append(f.warned, column)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	message := fmt.Sprintf("%s: unknown columns %s", f.displayName(), strings.Join(unknown, ", "))
	if f.strict {
		return errors.New(message)
	}
	f.progress.hide()
	_, err := fmt.Fprintln(f.streams.Err, message+" (ignored)")
	return err
}

// totalSize is the size of the files in bytes, or -1 if it is unknown: for standard input, and for compressed files, whose
// decompressed bytes are what the bar counts.
func totalSize(names []string) int64 {
	total := int64(0)
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() || strings.HasSuffix(strings.ToLower(name), ".gz") {
			return -1
		}
		total += info.Size()
	}
	return total
}
