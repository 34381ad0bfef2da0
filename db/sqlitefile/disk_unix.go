//go:build linux || darwin

package sqlitefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"cloudtag/internal/storefacts"
)

// diskOf returns the space on the file system of a folder, which need not exist yet; nil if it can't be determined.
func diskOf(folder string, used uint64) *storefacts.Disk {
	for {
		_, err := os.Stat(folder)
		if parent := filepath.Dir(folder); errors.Is(err, fs.ErrNotExist) && parent != folder {
			folder = parent
			continue
		}
		break
	}
	var space syscall.Statfs_t
	if err := syscall.Statfs(folder, &space); err != nil {
		return nil
	}
	block := uint64(space.Bsize)
	return &storefacts.Disk{Used: used, Free: space.Bavail * block, Total: space.Blocks * block}
}
