package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every image from elsewhere gets the digest of its tag, what is built here none, and a second run the newer digest.
func TestImagesArePinned(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"Dockerfile", "compose.yaml"} {
		content, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	pin := func(digit string) (dockerfile, compose string) {
		t.Helper()
		docker := "#!/bin/sh\nprintf 'sha256:%064d' " + digit + "\n"
		if err := os.WriteFile(filepath.Join(folder, "docker"), []byte(docker), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "scripts/pin-images", folder)
		command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for name, content := range map[string]*string{"Dockerfile": &dockerfile, "compose.yaml": &compose} {
			read, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			*content = string(read)
		}
		return dockerfile, compose
	}
	for _, digit := range []string{"1", "2"} {
		dockerfile, compose := pin(digit)
		digest := "@sha256:" + strings.Repeat("0", 63) + digit
		for _, line := range strings.Split(dockerfile, "\n") {
			if from, is := strings.CutPrefix(line, "FROM "); is && from != "scratch" && !strings.Contains(from, digest+" AS ") {
				t.Errorf("%q is not pinned to %s", line, digest)
			}
		}
		if strings.Count(compose, digest) != strings.Count(compose, "image: mongo:") || !strings.Contains(compose, "image: cloudtag\n") {
			t.Errorf("compose.yaml:\n%s", compose)
		}
	}
}
