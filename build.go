package main

import (
	"runtime/debug"

	"cloudtag/internal/command"
)

// release is the version of a build without version control around it, such as that of a container image; set by -ldflags
// "-X main.release=v1.2.3". Empty: the version that the Go toolchain recorded.
var release string

// buildFacts returns what the program was built from and with.
func buildFacts() command.Build {
	info, known := debug.ReadBuildInfo()
	if !known {
		return command.Build{Version: release}
	}
	facts := command.Build{Version: release, Go: info.GoVersion}
	if facts.Version == "" {
		facts.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			facts.Revision = setting.Value
		case "GOOS":
			facts.OS = setting.Value
		case "GOARCH":
			facts.Arch = setting.Value
		}
	}
	return facts
}
