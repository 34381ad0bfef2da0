package command

import (
	"encoding/json"
	"fmt"

	"cloudtag/internal/config"

	"github.com/prometheus/client_golang/prometheus"
)

// Build is the program's build information. Fields that the build did not record are empty.
type Build struct {
	Version  string `json:"version"`            // a release's tag, or a pseudo-version of the commit
	Revision string `json:"revision,omitempty"` // the commit
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

// Version prints the build information.
func Version(settings *config.Version, build Build, streams Streams) error {
	if settings.Format == "json" {
		return json.NewEncoder(streams.Out).Encode(build)
	}
	_, err := fmt.Fprintf(streams.Out, "cloudtag %s (%s %s/%s)\n", build.Version, build.Go, build.OS, build.Arch)
	return err
}

// NewBuildMetric returns the gauge cloudtag_build_info, which is always 1; its labels are the build information.
func NewBuildMetric(build Build) prometheus.Collector {
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "cloudtag_build_info", Help: "Version, commit and Go version of the running program; the value is always 1.",
		ConstLabels: prometheus.Labels{"version": build.Version, "revision": build.Revision, "goversion": build.Go},
	})
	gauge.Set(1)
	return gauge
}
