// Package datafile reads and writes the files of imports and exports: CSV with a header, and NDJSON (one JSON object per
// line), optionally compressed with gzip.
//
// A file is read row by row in bounded memory. A bad row is reported with its line number, and reading continues with
// the next. This package knows formats and columns; storing rows belongs to the domain and its commands.
package datafile
