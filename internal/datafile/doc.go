// Package datafile reads and writes the files that people import and export: CSV with a header, and NDJSON (one JSON
// object a line), plain or compressed by gzip.
//
// A file is read row by row within bounded memory, and a bad row costs nothing but itself: it is reported with its
// line, and reading goes on at the next. Here live the forms and the columns; what becomes of a row is the
// domain's, and what the rows are for is the commands'.
package datafile
