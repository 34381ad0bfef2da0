// Package config holds every setting of the program: the command line, read once, with CLOUDTAG_* environment
// variables of the same names behind it, checked before anything is opened.
//
// What must not live here: what the commands do, and any other place that reads flags or the environment.
package config
