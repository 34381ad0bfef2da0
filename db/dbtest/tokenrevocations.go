package dbtest

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// tokensRevoked: revocations by concurrent administrators are found in the log by their common subject, page by page, so
// that a starting instance loads all of them, and in the list of documents.
func tokensRevoked(w *world) {
	const administrators, each = 4, 5
	var ids atomic.Int64
	revoker := auth.NewRevoker(w.store, &stepClock{now: day0},
		cloudtag.IDFunc(func() string { return fmt.Sprintf("%srevocation-%d", w.prefix, ids.Add(1)) }))
	w.parallel(administrators, func(i int) error {
		admin := cloudtag.Caller{Subject: tester, Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
		for n := range each {
			in := auth.RevokeInput{TokenID: fmt.Sprintf("%st-%d-%d", w.prefix, i, n), Reason: "lost"}
			if n == 0 {
				in = auth.RevokeInput{Subject: fmt.Sprintf("%s王-%d", w.prefix, i), Reason: "left"}
			}
			if _, err := revoker.Revoke(w.ctx, admin, in); err != nil {
				return err
			}
		}
		return nil
	})
	w.reopen()
	revocations := auth.NewRevocations(slog.New(slog.DiscardHandler))
	w.noError(revocations.Load(w.ctx, shortPages{w.store}), "load")
	for i := range administrators {
		subject := auth.Session{Caller: cloudtag.Caller{Subject: fmt.Sprintf("%s王-%d", w.prefix, i)}, IssuedAt: day0}
		equal(w, "the subject's token", cloudtag.CodeOf(revocations.Check(subject)), cloudtag.CodeUnauthenticated)
		for n := 1; n < each; n++ {
			token := auth.Session{TokenID: fmt.Sprintf("%st-%d-%d", w.prefix, i, n)}
			equal(w, "the token", cloudtag.CodeOf(revocations.Check(token)), cloudtag.CodeUnauthenticated)
		}
	}
	w.noError(revocations.Check(auth.Session{TokenID: w.prefix + "t-0-0", IssuedAt: day0}), "a token that was not revoked")
	listed, err := auth.NewRevoker(w.store, nil, nil).List(w.ctx, cloudtag.Caller{Roles: []cloudtag.Role{cloudtag.RoleAuditor}})
	w.noError(err, "list")
	if len(listed) < administrators*each {
		w.Errorf("%d revocations are listed", len(listed))
	}
}

// shortPages is a log that is read in pages of three entries.
type shortPages struct{ Store }

func (s shortPages) LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	slice.Limit = 3
	return s.Store.LogPage(ctx, filter, slice)
}
