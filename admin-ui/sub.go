package adminui

import "io/fs"

// mustSub returns the directory dir of files. The directory is embedded at compile time, so an error is a mistake in
// this package and not something a caller could handle.
func mustSub(files fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic(err)
	}
	return sub
}
