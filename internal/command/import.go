package command

import (
	"context"
	"errors"
	"fmt"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/datafile"
	"cloudtag/internal/importing"
)

// importer stores the platform's data.
type importer interface {
	Merchants(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.Merchant) (importing.Report, error)
	Orders(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.Order) (importing.Report, error)
	Risk(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.RiskProfile) (importing.Report, error)
}

// Import reads files of one kind and stores their rows. Bad rows are printed to Err and skipped; the summary, with the
// rate, is the last line there.
func Import(ctx context.Context, settings *config.Import, imports importer, tags replayer, clock cloudtag.Clock, streams Streams) error {
	caller := cloudtag.SystemCaller("import")
	in := newIntake(settings.Strict, clock, streams.Err, newProgress(streams.Err, "reading", totalSize(settings.Files), true))
	var err error
	switch settings.Kind {
	case "merchants":
		err = importFiles(ctx, in, datafile.Merchants(), settings, streams, as(caller, imports.Merchants))
	case "orders":
		err = importFiles(ctx, in, datafile.Orders(), settings, streams, as(caller, imports.Orders))
	case "risk":
		err = importFiles(ctx, in, datafile.Risks(), settings, streams, as(caller, imports.Risk))
	case "tags":
		err = importTags(ctx, in, settings, streams, caller, tags)
	default:
		return fmt.Errorf("import: expected merchants, orders, risk or tags, but got %q", settings.Kind)
	}
	in.progress.end()
	if _, writing := fmt.Fprintln(streams.Err, in.summary(settings.Kind)); writing != nil {
		err = errors.Join(err, writing)
	}
	return err
}

// as binds an import method to a caller.
func as[T any](caller cloudtag.Caller, store func(context.Context, cloudtag.Caller, []T) (importing.Report, error)) func(context.Context, []T) (importing.Report, error) {
	return func(ctx context.Context, rows []T) (importing.Report, error) { return store(ctx, caller, rows) }
}

func importFiles[T any](ctx context.Context, in *intake, kind datafile.Kind[T], settings *config.Import, streams Streams, store func(context.Context, []T) (importing.Report, error)) error {
	rows, err := openFiles(kind, settings.Files, settings.Format, settings.Strict, streams, in.progress)
	if err != nil {
		return err
	}
	return errors.Join(storeRows(ctx, in, rows, store), rows.close())
}

// importTags reads all files before the first tag is replayed: tags are replayed in time order across files.
func importTags(ctx context.Context, in *intake, settings *config.Import, streams Streams, caller cloudtag.Caller, tags replayer) error {
	rows, err := openFiles(datafile.PastTags(), settings.Files, settings.Format, settings.Strict, streams, in.progress)
	if err != nil {
		return err
	}
	all, places, err := readRows(in, rows)
	if err := errors.Join(err, rows.close()); err != nil {
		return err
	}
	in.nextStep(newProgress(streams.Err, "replaying", int64(len(all)), false))
	return replay(ctx, in, tags, caller, all, places)
}
