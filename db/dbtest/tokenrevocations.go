package dbtest

import (
	"fmt"
	"sync/atomic"

	"cloudtag/internal/cloudtag"
)

// tokensRevoked: revocations by concurrent administrators are found in the log by their common subject, page by page, so
// that a starting instance loads all of them, and in the list of documents.
func tokensRevoked(w *world) {
	const administrators, each = 4, 5
	var ids atomic.Int64
	service := cloudtag.NewTokenRevocations(w.store, &stepClock{now: day0},
		cloudtag.IDFunc(func() string { return fmt.Sprintf("%srevocation-%d", w.prefix, ids.Add(1)) }))
	before := w.lastSeq()
	w.parallel(administrators, func(i int) error {
		admin := cloudtag.Caller{Subject: tester, Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
		for n := range each {
			in := cloudtag.RevokeTokensInput{TokenID: fmt.Sprintf("%st-%d-%d", w.prefix, i, n), Reason: "lost"}
			if n == 0 {
				in = cloudtag.RevokeTokensInput{Subject: fmt.Sprintf("%s王-%d", w.prefix, i), Reason: "left"}
			}
			if _, err := service.Revoke(w.ctx, admin, in); err != nil {
				return err
			}
		}
		return nil
	})
	w.reopen()
	revoked := cloudtag.NewRevokedTokens()
	for place, more := before, true; more; {
		var page []cloudtag.Entry
		var err error
		page, more, err = w.store.LogPage(w.ctx, cloudtag.LogFilter{Subject: cloudtag.TokenTopic()}, cloudtag.Slice{Limit: 3, After: &cloudtag.Position{Key: place}})
		w.noError(err, "page of revocations")
		for _, entry := range page {
			_, err := revoked.Apply(entry)
			w.noError(err, "apply")
			place = entry.Seq
		}
	}
	equal(w, "tokens and subjects", revoked.Len(), administrators*each)
	for i := range administrators {
		equal(w, "the subject's token", revoked.Has(cloudtag.Token{Subject: fmt.Sprintf("%s王-%d", w.prefix, i), IssuedAt: day0}), true)
		equal(w, "the token", revoked.Has(cloudtag.Token{ID: fmt.Sprintf("%st-%d-%d", w.prefix, i, each-1)}), true)
	}
	listed, err := cloudtag.NewTokenRevocations(w.store, nil, nil).List(w.ctx, cloudtag.Caller{Roles: []cloudtag.Role{cloudtag.RoleAuditor}})
	w.noError(err, "list")
	if len(listed) < administrators*each {
		w.Errorf("%d revocations are listed", len(listed))
	}
}
