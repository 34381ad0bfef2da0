package sqlitefile

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of the file that a URI names to another file, which must not exist, while servers
// continue to use it. The copy contains everything committed before the call. It is written to a file beside the target
// that ends in .part, which is what a crash leaves behind.
func Backup(ctx context.Context, uri, target string) error {
	file, err := pathOf(uri)
	if err != nil {
		return err
	}
	if _, err := os.Stat(target); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s: expected the name of a file that does not exist", target), err)
	}
	part, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".*.part")
	if err != nil {
		return err
	}
	err = withConn(ctx, readOnlySource(file, url.Values{}), func(c *Conn) error { return c.Run("VACUUM INTO ?", part.Name()) })
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("back up %s: %w", file, startFailure(err)), os.Remove(part.Name()))
	}
	return nil
}
