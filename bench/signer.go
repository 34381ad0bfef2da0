package main

import (
	"crypto/rand"
	"fmt"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// signer signs callers' tokens with the server's secret.
type signer struct{ shared *auth.SharedSecret }

// tokenLife exceeds the duration of any measurement.
const tokenLife = 6 * time.Hour

func newSigner() *signer {
	return &signer{shared: auth.NewSharedSecret([]byte(secret), auth.Names{}, cloudtag.SystemClock{}, cloudtag.IDFunc(rand.Text))}
}

func (s *signer) sign(caller cloudtag.Caller) (string, error) {
	return s.shared.Sign(caller, tokenLife)
}

// reviewer returns a token of a reviewer.
func (s *signer) reviewer(subject string) (string, error) {
	return s.sign(cloudtag.Caller{Subject: subject, Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
}

// merchants returns a token for each shop of a data set.
func (s *signer) merchants(data dataset) ([]string, error) {
	tokens := make([]string, data.shops)
	for shop := range tokens {
		id := data.merchant(shop).ID
		token, err := s.sign(cloudtag.Caller{Subject: "someone@" + string(id), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: id})
		if err != nil {
			return nil, fmt.Errorf("sign a token: %w", err)
		}
		tokens[shop] = token
	}
	return tokens, nil
}
