package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/datafile"
)

// pager lists records page by page.
type pager interface {
	TagPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.TagFilter, order cloudtag.TagOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error)
	CasePage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error)
}

// logPager lists the log page by page.
type logPager interface {
	Page(ctx context.Context, caller cloudtag.Caller, filter cloudtag.LogFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error)
}

// Export writes all tags (oldest first), cases (newest first) or log entries (in order). It keeps one page in memory.
func Export(ctx context.Context, settings *config.Export, records pager, log logPager, streams Streams) error {
	caller := cloudtag.Caller{Subject: "system:export", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
	format := datafile.Format(settings.Format)
	return writeOutput(settings.Output, streams.Out, func(out io.Writer) error {
		switch settings.Kind {
		case "tags":
			return writeAll(out, format, datafile.TagTable(), func(request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error) {
				return records.TagPage(ctx, caller, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc, request)
			})
		case "cases":
			return writeAll(out, format, datafile.CaseTable(), func(request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error) {
				return records.CasePage(ctx, caller, cloudtag.CaseFilter{}, cloudtag.CasesByOpenedDesc, request)
			})
		case "log":
			return writeAll(out, format, datafile.LogTable(), func(request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error) {
				return log.Page(ctx, caller, cloudtag.LogFilter{}, request)
			})
		default:
			return fmt.Errorf("export: expected tags, cases or log, but got %q", settings.Kind)
		}
	})
}

// writeAll writes every page of a list.
func writeAll[T any](out io.Writer, format datafile.Format, table datafile.Table[T], read func(cloudtag.PageRequest) (cloudtag.Page[T], error)) error {
	writer, err := datafile.NewWriter(out, format, table)
	if err != nil {
		return err
	}
	size := cloudtag.MaxPageSize
	request := cloudtag.PageRequest{First: &size}
	for {
		page, err := read(request)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		for _, row := range page.Items {
			if err := writer.Write(row); err != nil {
				return fmt.Errorf("export: %w", err)
			}
		}
		if !page.HasNextPage || len(page.Cursors) == 0 {
			return writer.Flush()
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
}

// writeOutput calls write with a temporary file that is renamed when it is complete; with out if name is empty.
func writeOutput(name string, out io.Writer, write func(io.Writer) error) error {
	if name == "" {
		return write(out)
	}
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	err = errors.Join(write(file), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
