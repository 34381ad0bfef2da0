// Package config holds every setting of the program. It parses the command line once, with CLOUDTAG_* environment variables
// as fallbacks, and validates it before anything is opened.
//
// What must not live here: what the commands do. No other package reads flags or the environment.
package config
