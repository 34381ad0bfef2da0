package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/datafile"
)

// trimmer trims the log; see [auditlog.Retention].
type trimmer interface {
	Finish(ctx context.Context) error
	Archive(ctx context.Context, until time.Time, write func(cloudtag.Entry) error) (from, to auditlog.Start, err error)
	Trim(ctx context.Context, to auditlog.Start, archive, sha256 string) error
}

// TrimLog archives the oldest entries of the log in a file and deletes them. The file is durable before anything is
// deleted. After a crash at any point, running the command again resumes it: it writes the same file again, or finishes
// deleting.
func TrimLog(ctx context.Context, settings *config.TrimLog, log trimmer, streams Streams) error {
	if err := log.Finish(ctx); err != nil {
		return fmt.Errorf("trim-log: finish the previous one: %w", err)
	}
	archive, err := writeArchive(ctx, settings, log)
	if err != nil {
		return fmt.Errorf("trim-log: %w", err)
	}
	if archive == nil {
		_, err = fmt.Fprintln(streams.Out, "nothing to archive: no entry is older, or the newer ones are not counted yet (cloudtag sweep counts them)")
		return err
	}
	if err := log.Trim(ctx, archive.to, filepath.Base(archive.name), archive.sum); err != nil {
		return fmt.Errorf("trim-log: %w", err)
	}
	_, err = fmt.Fprintf(streams.Out, "entries %d to %d are in %s\nsha256: %s\nthe log begins with entry %d\n",
		archive.from.Seq, archive.to.Seq-1, archive.name, archive.sum, archive.to.Seq)
	return err
}

// logArchive is a file with the entries from one start of the log up to another.
type logArchive struct {
	name, sum string
	from, to  auditlog.Start
}

// writeArchive writes the file; it returns nil when there is nothing to archive.
func writeArchive(ctx context.Context, settings *config.TrimLog, log trimmer) (*logArchive, error) {
	file, err := os.CreateTemp(settings.Archive, "log-*.part")
	if err != nil {
		return nil, fmt.Errorf("--archive: %w", err)
	}
	archive, err := fillArchive(ctx, settings, log, file)
	if err = errors.Join(err, file.Close()); err == nil && archive != nil {
		if err = os.Rename(file.Name(), archive.name); err == nil {
			return archive, syncDirectory(settings.Archive)
		}
	}
	return nil, errors.Join(err, os.Remove(file.Name()))
}

func fillArchive(ctx context.Context, settings *config.TrimLog, log trimmer, file *os.File) (*logArchive, error) {
	sum := sha256.New()
	out := datafile.NewLogArchive(io.MultiWriter(file, sum))
	from, to, err := log.Archive(ctx, time.Time(settings.Before), out.Write)
	if err != nil || to.Seq == from.Seq {
		return nil, err
	}
	if err := errors.Join(out.Close(), file.Sync()); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("log-%012d-%012d.ndjson.gz", from.Seq, to.Seq-1)
	return &logArchive{
		name: filepath.Join(settings.Archive, name), sum: hex.EncodeToString(sum.Sum(nil)), from: from, to: to,
	}, nil
}

// syncDirectory makes the name of a new file durable.
func syncDirectory(name string) error {
	directory, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
