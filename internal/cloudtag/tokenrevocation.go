package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// TokenClockSkew is how far the clock of whoever issues tokens may differ from ours.
const TokenClockSkew = 30 * time.Second

// tokenStateRevoked is the only state of a revocation: it is for good.
const tokenStateRevoked = "REVOKED"

// revokedTokensSubject is what every revocation of tokens is about in the log, so that all of them are found together.
const revokedTokensSubject Subject = "tokens:revoked"

// Token is what the rules know of a bearer token that was found to be genuine.
type Token struct {
	ID       string    // empty when it has none
	Subject  string    // whose it is
	IssuedAt time.Time // zero when it does not say
}

// TokenRevocation calls back one token, or all those that a subject had.
type TokenRevocation struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	// Exactly one of the two is set.
	TokenID string `json:"tokenId,omitempty"`
	Subject string `json:"subject,omitempty"`
	// NotBefore is from when on new tokens of the subject are good again; zero for a single token, which never is.
	NotBefore time.Time `json:"notBefore,omitzero"`
	Reason    string    `json:"reason"`
	RevokedBy string    `json:"revokedBy"`
	RevokedAt time.Time `json:"revokedAt"`
}

// covers reports whether the revocation calls a token back. A token that does not say when it was issued counts as
// issued before.
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

// TokenRevocations calls bearer tokens back before they expire.
type TokenRevocations struct {
	store DocumentStore
	clock Clock
	ids   IDSource
}

// NewTokenRevocations returns the service over a store.
func NewTokenRevocations(store DocumentStore, clock Clock, ids IDSource) *TokenRevocations {
	return &TokenRevocations{store: store, clock: clock, ids: ids}
}

// RevokeTokensInput says which tokens are called back, and why: exactly one of Subject and TokenID.
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

// Revoke calls back one token by its identifier, for good, or all tokens that a subject has now: those issued until
// now, and because clocks differ until [TokenClockSkew] from now. Every instance refuses them, and cuts off who is
// connected with them, once it has read the entry. Errors: FORBIDDEN unless the caller is an administrator,
// BAD_USER_INPUT, REASON_REQUIRED.
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

// List returns the first revocations, 1,000 of them at most, in the order of Page. FORBIDDEN as for Page.
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

// TokenTopic is the subject that the entries of all revocations of tokens carry.
func TokenTopic() Subject { return revokedTokensSubject }

// RevokedTokens are the tokens that were called back, made of the log's entries. It holds one identifier, or one
// subject and a time, for each, in memory. Not for use by several goroutines at once.
type RevokedTokens struct {
	tokens   map[string]struct{}
	subjects map[string]time.Time
}

// NewRevokedTokens returns a set without any.
func NewRevokedTokens() *RevokedTokens {
	return &RevokedTokens{tokens: make(map[string]struct{}), subjects: make(map[string]time.Time)}
}

// Apply takes an entry of [TokenTopic] in, in any order and as often as it comes, and returns what it calls back. An
// error says that the entry can't be read; nothing has changed then.
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

// Has reports whether a token was called back.
func (r *RevokedTokens) Has(token Token) bool {
	if _, revoked := r.tokens[token.ID]; revoked && token.ID != "" {
		return true
	}
	return token.IssuedAt.Before(r.subjects[token.Subject])
}

// Len is how many tokens and subjects are held.
func (r *RevokedTokens) Len() int { return len(r.tokens) + len(r.subjects) }
