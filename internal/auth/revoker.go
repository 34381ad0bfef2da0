package auth

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// tokenStateRevoked is the only state of a token revocation, which is permanent.
const tokenStateRevoked = "REVOKED"

// revokedTokens is a subject of every token revocation in the log, by which all of them are found.
const revokedTokens cloudtag.Subject = "tokens:revoked"

// TokenRevocation revokes one token, or all tokens of a subject.
type TokenRevocation struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	// Exactly one of the two is set.
	TokenID string `json:"tokenId,omitempty"`
	Subject string `json:"subject,omitempty"`
	// NotBefore is the issue time from which tokens of the subject are valid again; zero for a single token.
	NotBefore time.Time `json:"notBefore,omitzero"`
	Reason    string    `json:"reason"`
	RevokedBy string    `json:"revokedBy"`
	RevokedAt time.Time `json:"revokedAt"`
}

// covers reports whether the revocation applies to a session. A token without an issue time counts as issued before.
func (r TokenRevocation) covers(session Session) bool {
	if r.TokenID != "" {
		return r.TokenID == session.TokenID
	}
	return r.Subject == session.Caller.Subject && session.IssuedAt.Before(r.NotBefore)
}

func tokenRevocationCodec() cloudtag.Codec[TokenRevocation] {
	return cloudtag.Codec[TokenRevocation]{Kind: cloudtag.KindTokenRevocation, Encode: func(r TokenRevocation) cloudtag.Document {
		return cloudtag.Document{ID: r.ID, Version: r.Version, State: tokenStateRevoked, Rank: cloudtag.LatestFirst(r.RevokedAt)}
	}}
}

// Revoker revokes bearer tokens before they expire.
type Revoker struct {
	store cloudtag.DocumentStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

// NewRevoker returns the service over a store.
func NewRevoker(store cloudtag.DocumentStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Revoker {
	return &Revoker{store: store, clock: clock, ids: ids}
}

// RevokeInput selects the tokens to revoke by exactly one of Subject and TokenID, and has the reason.
type RevokeInput struct {
	Subject string
	TokenID string
	Reason  string
}

func (in RevokeInput) check() error {
	if (in.Subject == "") == (in.TokenID == "") {
		return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "请填写 subject 或 tokenId 之一。", EN: "Give either subject or tokenId.",
		}, "input")
	}
	for field, value := range map[string]string{"subject": in.Subject, "tokenId": in.TokenID} {
		if len(value) > cloudtag.MaxIDLength || !cloudtag.ValidText(value, cloudtag.MaxIDLength) {
			return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
				ZH: fmt.Sprintf("须为 1 至 %d 字节且不含控制字符。", cloudtag.MaxIDLength),
				EN: fmt.Sprintf("Give 1 to %d bytes without control characters.", cloudtag.MaxIDLength),
			}, "input", field)
		}
	}
	return cloudtag.CheckReason(in.Reason, "reason")
}

// Revoke permanently revokes one token by its identifier, or all current tokens of a subject: those issued until now plus
// [ClockSkew]. Every instance rejects them, and closes connections that use them, once it has read the entry. Errors:
// FORBIDDEN unless the caller is an administrator, BAD_USER_INPUT, REASON_REQUIRED.
func (r *Revoker) Revoke(ctx context.Context, caller cloudtag.Caller, in RevokeInput) (TokenRevocation, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return TokenRevocation{}, cloudtag.Forbidden()
	}
	if err := in.check(); err != nil {
		return TokenRevocation{}, err
	}
	now := r.clock.Now()
	revocation := TokenRevocation{
		ID: r.ids.NewID(), Version: 1, TokenID: in.TokenID, Subject: in.Subject, Reason: in.Reason,
		RevokedBy: caller.Subject, RevokedAt: now,
	}
	about := "token:" + cloudtag.Subject(in.TokenID)
	if in.Subject != "" {
		revocation.NotBefore, about = now.Add(ClockSkew), "subject:"+cloudtag.Subject(in.Subject)
	}
	return revocation, tokenRevocationCodec().Save(ctx, r.store, nil, revocation, cloudtag.Entry{
		At: now, Actor: caller.Subject, Action: cloudtag.ActionTokensRevoked, Reason: in.Reason,
		Subjects: []cloudtag.Subject{revokedTokens, about},
	})
}

// List returns up to 1,000 revocations, in the order of Page. FORBIDDEN as of Page.
func (r *Revoker) List(ctx context.Context, caller cloudtag.Caller) ([]TokenRevocation, error) {
	if !seesRevocations(caller) {
		return nil, cloudtag.Forbidden()
	}
	return tokenRevocationCodec().List(ctx, r.store, cloudtag.DocumentFilter{}, cloudtag.MaxListed)
}

// Page returns a page of revocations, latest first. Errors: FORBIDDEN unless the caller is an administrator or an auditor,
// BAD_USER_INPUT.
func (r *Revoker) Page(ctx context.Context, caller cloudtag.Caller, request cloudtag.PageRequest) (cloudtag.Page[TokenRevocation], error) {
	if !seesRevocations(caller) {
		return cloudtag.Page[TokenRevocation]{}, cloudtag.Forbidden()
	}
	return tokenRevocationCodec().Page(ctx, r.store, cloudtag.DocumentFilter{}, request)
}

// Count counts revocations, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as for Page.
func (r *Revoker) Count(ctx context.Context, caller cloudtag.Caller) (int, error) {
	if !seesRevocations(caller) {
		return 0, cloudtag.Forbidden()
	}
	return tokenRevocationCodec().Count(ctx, r.store, cloudtag.DocumentFilter{})
}

func seesRevocations(caller cloudtag.Caller) bool {
	return caller.Has(cloudtag.RoleAdmin) || caller.Has(cloudtag.RoleAuditor)
}
