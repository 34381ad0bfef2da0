package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kong"
)

// serviceLink matches the variables that Kubernetes and container links set for a service that is called cloudtag: they are
// not settings.
var serviceLink = regexp.MustCompile(`^CLOUDTAG_(SERVICE_|PORT(_|$))`)

// checkEnvironment rejects variables with the program's prefix that are no settings: a misspelt one would silently do
// nothing. Every command accepts the variables of all commands, since they share one environment.
func checkEnvironment(root *kong.Node, environment []string) error {
	known := settingNames(root)
	for _, pair := range environment {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix+"_") || known[name] || serviceLink.MatchString(name) {
			continue
		}
		return fmt.Errorf("%s: there is no such setting; did you mean %s?", name, nearest(name, known))
	}
	return nil
}

// settingNames returns the environment variables of the flags of a command and all below it.
func settingNames(node *kong.Node) map[string]bool {
	names := make(map[string]bool)
	for _, flag := range node.Flags {
		for _, name := range flag.Envs {
			names[name] = true
		}
	}
	for _, child := range node.Children {
		for name := range settingNames(child) {
			names[name] = true
		}
	}
	return names
}

// nearest returns the known name with the least edit distance; the first in alphabetical order among equals.
func nearest(name string, known map[string]bool) string {
	candidates := make([]string, 0, len(known))
	for candidate := range known {
		candidates = append(candidates, candidate)
	}
	slices.Sort(candidates)
	return slices.MinFunc(candidates, func(a, b string) int {
		return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
	})
}
