package resolvers

import (
	"context"
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"
)

// view converts the records that one caller reads at one moment. Records that are converted by one call share their loaders,
// so that related records are read in one batch.
type view struct {
	Deps
	model.Localizer
	caller cloudtag.Caller
	now    time.Time

	scenarios map[cloudtag.ScenarioCode]*model.Scenario
	rules     *model.Batch[cloudtag.ScenarioCode, cloudtag.PolicyRule]
}

func (r *Resolver) view(ctx context.Context) *view { return r.viewOf(ctx, r.Records) }

// viewOf returns a view that reads through another service of records.
func (r *Resolver) viewOf(ctx context.Context, records Records) *view {
	v := &view{
		Deps: r.Deps, Localizer: model.Localizer{Language: locale.From(ctx)},
		caller: auth.CallerFrom(ctx), now: r.Clock.Now(),
	}
	v.Records = records
	v.rules = model.NewBatch(v.Records.ScenarioRules)
	return v
}

// again returns a view of the same caller with new loaders and the present time, for records that are read later.
func (v *view) again() *view {
	next := *v
	next.now, next.scenarios = v.Clock.Now(), nil
	return &next
}

// required returns errMissing for a record that does not exist or that the caller may not see.
func required[V any](value V, ok bool, err error) (V, error) {
	if err == nil && !ok {
		err = errMissing
	}
	return value, err
}

// optional returns nil for a record that does not exist or that the caller may not see.
func optional[V any](value *V, _ bool, err error) (*V, error) { return value, err }

// mapped converts the values of a map.
func mapped[K comparable, V, M any](found map[K]V, convert func(V) M) map[K]M {
	converted := make(map[K]M, len(found))
	for key, value := range found {
		converted[key] = convert(value)
	}
	return converted
}

// values returns the values of a map, in no particular order.
func values[K comparable, V any](found map[K]V) []V {
	all := make([]V, 0, len(found))
	for _, value := range found {
		all = append(all, value)
	}
	return all
}

// flat concatenates lists, in no particular order of the lists.
func flat[K comparable, V any](lists map[K][]V) []V {
	var all []V
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// pointers returns pointers to the elements of a list.
func pointers[V any](list []V) []*V {
	to := make([]*V, len(list))
	for i := range list {
		to[i] = &list[i]
	}
	return to
}

// distinct returns the distinct keys of items, in order of first appearance.
func distinct[T any, K comparable](items []T, keyOf func(T) K) []K {
	seen := make(map[K]struct{}, len(items))
	keys := make([]K, 0, len(items))
	for _, item := range items {
		key := keyOf(item)
		if _, known := seen[key]; !known {
			seen[key] = struct{}{}
			keys = append(keys, key)
		}
	}
	return keys
}

// nonZero returns nil for a zero time.
func nonZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// nonEmpty returns nil for an empty text.
func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// orZero returns the value that a pointer points to, or the zero value for nil.
func orZero[T any](pointer *T) T {
	if pointer == nil {
		var zero T
		return zero
	}
	return *pointer
}
