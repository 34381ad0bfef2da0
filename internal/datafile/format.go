package datafile

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Format is the form of a file.
type Format string

// The forms.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson"
)

// gzipExtension marks compressed files.
const gzipExtension = ".gz"

// FormatOf returns the form that a file's name tells by its extension; an error says which there are.
func FormatOf(name string) (Format, error) {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(name), gzipExtension))) {
	case ".csv":
		return CSV, nil
	case ".ndjson", ".jsonl":
		return NDJSON, nil
	default:
		return "", fmt.Errorf("%s: expected a name that ends in .csv, .ndjson or .jsonl (each also with %s), or --format", name, gzipExtension)
	}
}

// Open opens a file for reading, unpacking it when its name ends in .gz. Close closes both.
func Open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(strings.ToLower(name), gzipExtension) {
		return file, nil
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: expected a file compressed by gzip: %w", name, err)
	}
	return &packedFile{Reader: unpacked, file: file}, nil
}

// packedFile is a compressed file.
type packedFile struct {
	*gzip.Reader
	file io.Closer
}

// Close closes the file.
func (p *packedFile) Close() error { return p.file.Close() }
