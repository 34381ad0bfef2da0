package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/metrics"
)

// anyDays is the calendar of commands that compute nothing by day.
func anyDays() cloudtag.Calendar { return cloudtag.NewCalendar(time.UTC) }

// openServices opens the store, creating it where there is none, with a policy in it, and returns the services over it.
// The caller closes the store.
func openServices(ctx context.Context, uri string, calendar cloudtag.Calendar, options db.Options) (*services, error) {
	store, err := db.Open(ctx, uri, options)
	if err != nil {
		return nil, fmt.Errorf("--db: %w", err)
	}
	s := newServices(store, calendar)
	if err := s.policies.EnsureDefault(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store the default policy: %w", err), store.Close())
	}
	return s, nil
}

// opener opens the stores of commands.
type opener struct{ log *slog.Logger }

// orCreate runs a command over the store of a URI, which is created where there is none.
func (o opener) orCreate(ctx context.Context, uri string, run func(*services) error) error {
	s, err := openServices(ctx, uri, anyDays(), db.Options{Log: o.log})
	if err != nil {
		return err
	}
	return errors.Join(run(s), s.close())
}

// existing runs a command over a store that must be there: a mistyped URI creates nothing.
func (o opener) existing(ctx context.Context, uri string, calendar cloudtag.Calendar, run func(*services) error) error {
	store, err := db.OpenExisting(ctx, uri, db.Options{Log: o.log})
	if err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	return errors.Join(run(newServices(store, calendar)), store.Close())
}

// forDoctor returns how an existing store is opened for the doctor's checks of its content.
func (o opener) forDoctor(calendar cloudtag.Calendar) func(context.Context, string, func(command.DoctorStore, *metrics.Queue) error) error {
	return func(ctx context.Context, uri string, use func(command.DoctorStore, *metrics.Queue) error) error {
		return o.existing(ctx, uri, calendar, func(s *services) error { return use(s.store, s.queue) })
	}
}

func (o opener) toCopyFrom(ctx context.Context, uri string) (command.CopyStore, error) {
	return db.OpenToCopyFrom(ctx, uri, o.log)
}

func (o opener) toCopyInto(ctx context.Context, uri string) (command.CopyStore, error) {
	return db.OpenToCopyInto(ctx, uri, o.log)
}
