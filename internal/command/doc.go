// Package command implements the program's commands, one file per command; their dependencies are passed in.
//
// Parsing arguments belongs to internal/config, opening stores and wiring to package main, rules to internal/cloudtag.
package command
