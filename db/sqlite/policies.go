package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Policy returns a version.
func (s *Store) Policy(ctx context.Context, version int) (policy cloudtag.Policy, err error) {
	err = s.read(ctx, "read the policy", func(r *reading) error {
		policy, err = readPolicy(r, version)
		return err
	})
	return policy, err
}

const (
	latestPolicy    = "SELECT version, document FROM policies WHERE version = (SELECT max(version) FROM policies)"
	policyByVersion = "SELECT version, document FROM policies WHERE version = ?"
)

// readPolicy returns a version, the latest for 0.
func readPolicy(q querier, version int) (cloudtag.Policy, error) {
	text, args := latestPolicy, []any(nil)
	if version != 0 {
		text, args = policyByVersion, []any{int64(version)}
	}
	var encoded string
	err := q.One(text, args, &version, &encoded)
	if errors.Is(err, sql.ErrNoRows) {
		return cloudtag.Policy{}, cloudtag.NotFound()
	}
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return decodePolicy(version, encoded)
}

func decodePolicy(version int, encoded string) (cloudtag.Policy, error) {
	var policy cloudtag.Policy
	if err := json.Unmarshal([]byte(encoded), &policy); err != nil {
		return cloudtag.Policy{}, fmt.Errorf("policy %d: %w", version, err)
	}
	policy.Version = version
	return policy, nil
}

// AddPolicy stores the next version.
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	return s.write(ctx, "add a policy", func(w *work) error {
		if int64(policy.Version) != w.numbers.policy+1 {
			return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
				ZH: "策略已被他人更新，请基于最新版本重新修改。",
				EN: "The policy was changed in the meantime. Please base your change on the latest version.",
			})
		}
		if err := putPolicy(w, policy); err != nil {
			return err
		}
		w.numbers.policy++
		return appendEntries(w, []cloudtag.Entry{entry})
	})
}

func putPolicy(w *work, policy cloudtag.Policy) error {
	document, err := json.Marshal(policy)
	if err != nil {
		return err
	}
	return w.Write("add a policy", "INSERT INTO policies (version, document) VALUES (?, ?)",
		int64(policy.Version), string(document))
}
