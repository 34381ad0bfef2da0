//go:build !console

package adminui

import (
	"embed"
	"io/fs"
)

// Built is whether the program contains the real pages (true) or the page that says how to build them (false).
const Built = false

//go:embed stub
var stub embed.FS

// Files returns the pages, rooted so that "index.html", "graphiql/index.html" and "assets/…" are its names. It has the
// same two pages in every build; only a build with the tag "console" has assets.
func Files() fs.FS { return mustSub(stub, "stub") }
