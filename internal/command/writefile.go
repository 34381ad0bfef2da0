package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeFile calls write with a temporary file in a directory, and renames the file to what write returns once its content is
// durable. If write returns no name, or an error, no file is left. Errors about the directory name the flag that it comes from.
func writeFile(flag, directory, pattern string, write func(io.Writer) (name string, err error)) error {
	file, err := os.CreateTemp(directory, pattern)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	name, err := write(file)
	if err == nil && name != "" {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil && name != "" {
		if err = os.Rename(file.Name(), filepath.Join(directory, name)); err == nil {
			return syncDirectory(directory)
		}
	}
	return errors.Join(err, os.Remove(file.Name()))
}

// syncDirectory makes the name of a new file durable.
func syncDirectory(name string) error {
	directory, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
