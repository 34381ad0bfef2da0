package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// TokenClockSkew is the maximum difference between the clock of a token's issuer and ours.
const TokenClockSkew = 30 * time.Second

// tokenStateRevoked is the only state of a token revocation, which is permanent.
const tokenStateRevoked = "REVOKED"

// revokedTokensSubject is a subject of every token revocation in the log, by which all of them are found.
const revokedTokensSubject Subject = "tokens:revoked"

// Token is the claims of a verified bearer token that revocations depend on.
type Token struct {
	ID       string    // empty if it has none
	Subject  string    // whom it was issued to
	IssuedAt time.Time // zero if it has no such claim
}

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

// covers reports whether the revocation applies to a token. A token without an issue time counts as issued before.
func (r TokenRevocation) covers(token Token) bool {
	if r.TokenID != "" {
		return r.TokenID == token.ID
	}
	return r.Subject == token.Subject && token.IssuedAt.Before(r.NotBefore)
}

func tokenRevocationCodec() Codec[TokenRevocation] {
	return Codec[TokenRevocation]{KindTokenRevocation, func(r TokenRevocation) Document {
		return Document{ID: r.ID, Version: r.Version, State: tokenStateRevoked, Rank: LatestFirst(r.RevokedAt)}
	}}
}

// TokenRevocations revokes bearer tokens before they expire.
type TokenRevocations struct {
	store DocumentStore
	clock Clock
	ids   IDSource
}

// NewTokenRevocations returns the service over a store.
func NewTokenRevocations(store DocumentStore, clock Clock, ids IDSource) *TokenRevocations {
	return &TokenRevocations{store: store, clock: clock, ids: ids}
}

// RevokeTokensInput selects the tokens to revoke by exactly one of Subject and TokenID, and has the reason.
type RevokeTokensInput struct {
	Subject string
	TokenID string
	Reason  string
}

func (in RevokeTokensInput) check() error {
	if (in.Subject == "") == (in.TokenID == "") {
		return Refuse(CodeBadInput, Text{
			ZH: "请填写 subject 或 tokenId 之一。", EN: "Give either subject or tokenId.",
		}, "input")
	}
	for field, value := range map[string]string{"subject": in.Subject, "tokenId": in.TokenID} {
		if len(value) > MaxIDLength || !ValidText(value, MaxIDLength) {
			return Refuse(CodeBadInput, Text{
				ZH: fmt.Sprintf("须为 1 至 %d 字节且不含控制字符。", MaxIDLength),
				EN: fmt.Sprintf("Give 1 to %d bytes without control characters.", MaxIDLength),
			}, "input", field)
		}
	}
	return CheckReason(in.Reason, "reason")
}

// Revoke permanently revokes one token by its identifier, or all current tokens of a subject: those issued until now plus
// [TokenClockSkew]. Every instance rejects them, and closes connections that use them, once it has read the entry. Errors:
// FORBIDDEN unless the caller is an administrator, BAD_USER_INPUT, REASON_REQUIRED.
func (t *TokenRevocations) Revoke(ctx context.Context, caller Caller, in RevokeTokensInput) (TokenRevocation, error) {
	if !caller.Has(RoleAdmin) {
		return TokenRevocation{}, Forbidden()
	}
	if err := in.check(); err != nil {
		return TokenRevocation{}, err
	}
	now := t.clock.Now()
	revocation := TokenRevocation{
		ID: t.ids.NewID(), Version: 1, TokenID: in.TokenID, Subject: in.Subject, Reason: in.Reason,
		RevokedBy: caller.Subject, RevokedAt: now,
	}
	about := "token:" + Subject(in.TokenID)
	if in.Subject != "" {
		revocation.NotBefore, about = now.Add(TokenClockSkew), "subject:"+Subject(in.Subject)
	}
	return revocation, tokenRevocationCodec().Save(ctx, t.store, nil, revocation, Entry{
		At: now, Actor: caller.Subject, Action: ActionTokensRevoked, Reason: in.Reason,
		Subjects: []Subject{revokedTokensSubject, about},
	})
}

// List returns up to 1,000 revocations, in the order of Page. FORBIDDEN as of Page.
func (t *TokenRevocations) List(ctx context.Context, caller Caller) ([]TokenRevocation, error) {
	if !caller.seesTokenRevocations() {
		return nil, Forbidden()
	}
	return tokenRevocationCodec().List(ctx, t.store, DocumentFilter{}, MaxListed)
}

// Page returns a page of revocations, latest first. Errors: FORBIDDEN unless the caller is an administrator or an auditor,
// BAD_USER_INPUT.
func (t *TokenRevocations) Page(ctx context.Context, caller Caller, request PageRequest) (Page[TokenRevocation], error) {
	if !caller.seesTokenRevocations() {
		return Page[TokenRevocation]{}, Forbidden()
	}
	return tokenRevocationCodec().Page(ctx, t.store, DocumentFilter{}, request)
}

// Count counts revocations, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as for Page.
func (t *TokenRevocations) Count(ctx context.Context, caller Caller) (int, error) {
	if !caller.seesTokenRevocations() {
		return 0, Forbidden()
	}
	return tokenRevocationCodec().Count(ctx, t.store, DocumentFilter{})
}

func (c Caller) seesTokenRevocations() bool { return c.Has(RoleAdmin) || c.Has(RoleAuditor) }

// TokenTopic is a subject of the log entries of all token revocations.
func TokenTopic() Subject { return revokedTokensSubject }

// RevokedTokens is the set of revoked tokens, built from log entries. It keeps an identifier, or a subject and a time, per
// revocation in memory. It is not safe for concurrent use.
type RevokedTokens struct {
	tokens   map[string]struct{}
	subjects map[string]time.Time
}

// NewRevokedTokens returns an empty set.
func NewRevokedTokens() *RevokedTokens {
	return &RevokedTokens{tokens: make(map[string]struct{}), subjects: make(map[string]time.Time)}
}

// Apply adds an entry of [TokenTopic] and returns which tokens it revokes. Entries may come in any order and repeatedly. With
// an error, for an entry that can't be decoded, nothing has changed.
func (r *RevokedTokens) Apply(entry Entry) (covers func(Token) bool, err error) {
	var revocation TokenRevocation
	if err := json.Unmarshal(entry.After, &revocation); err != nil {
		return nil, fmt.Errorf("entry %d: %w", entry.Seq, err)
	}
	switch {
	case revocation.TokenID != "":
		r.tokens[revocation.TokenID] = struct{}{}
	case revocation.NotBefore.After(r.subjects[revocation.Subject]):
		r.subjects[revocation.Subject] = revocation.NotBefore
	}
	return revocation.covers, nil
}

// Has reports whether a token is revoked.
func (r *RevokedTokens) Has(token Token) bool {
	if _, revoked := r.tokens[token.ID]; revoked && token.ID != "" {
		return true
	}
	return token.IssuedAt.Before(r.subjects[token.Subject])
}

// Len is the number of tokens and subjects in the set.
func (r *RevokedTokens) Len() int { return len(r.tokens) + len(r.subjects) }
