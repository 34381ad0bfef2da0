package sqlitefile

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of the file of a URI to another file, which must not exist, while servers go on using
// the first: what was committed before the call is in the copy. A process that dies meanwhile leaves no file of that
// name, but one beside it that ends in .part.
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
	err = withSession(ctx, readOnlySource(file, url.Values{}), func(s *Session) error { return s.Run("VACUUM INTO ?", part.Name()) })
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
