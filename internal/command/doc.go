// Package command holds what each command of the program does, with what it needs passed in: one file per command.
//
// What must not live here: parsing of arguments (internal/config), opening of stores and wiring (main), rules.
package command
