package datafile

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Format is the format of a file.
type Format string

// The formats.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson"
)

// gzipExtension is the extension of compressed files.
const gzipExtension = ".gz"

// FormatOf returns the format that a file name's extension stands for; the error lists the known extensions.
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

// Open opens a file for reading, and decompresses it when its name ends in .gz.
func Open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(strings.ToLower(name), gzipExtension) {
		return file, nil
	}
	decompressed, err := gzip.NewReader(file)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: expected a file compressed with gzip: %w", name, err)
	}
	return &gzipFile{Reader: decompressed, file: file}, nil
}

// gzipFile is a compressed file; closing it closes the file, which [gzip.Reader] does not.
type gzipFile struct {
	*gzip.Reader
	file io.Closer
}

// Close closes the file.
func (g *gzipFile) Close() error { return g.file.Close() }
