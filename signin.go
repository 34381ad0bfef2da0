package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/telemetry"
	"cloudtag/internal/web"

	"github.com/prometheus/client_golang/prometheus"
)

// signIn is the authentication of callers.
type signIn struct {
	verifier    auth.Verifier
	revocations *auth.Revocations
	keys        *auth.KeySet // nil without an identity provider
	pages       func() web.SignInSettings
	development *command.DevelopmentSignIn // nil but on a development server
}

// newSignIn returns the authentication of a server, with all revocations of tokens loaded.
func newSignIn(ctx context.Context, settings *config.Serve, s *services, registry *prometheus.Registry, logger *slog.Logger) (*signIn, error) {
	in := &signIn{revocations: auth.NewRevocations(logger)}
	if err := in.revocations.Load(ctx, s.store); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	var accepted auth.ByAlgorithm
	if settings.Dev || settings.Secret != "" {
		accepted.Secret = signer(settings.Signing, settings.Dev)
	}
	in.pages = func() web.SignInSettings { return web.SignInSettings{Development: settings.Dev} }
	if settings.Dev {
		in.development = &command.DevelopmentSignIn{Tokens: signer(settings.Signing, true), Records: s.records}
	}
	if settings.Given() {
		in.keys = auth.NewKeySet(in.source(settings), auth.KeySetOptions{
			Refresh: settings.JWKSRefresh, MaxAge: settings.JWKSMaxAge, Clock: s.clock, Log: logger,
		})
		registry.MustRegister(telemetry.NewKeys(func() (int, time.Time, uint64) {
			state := in.keys.State()
			return state.Usable, state.ReadAt, state.Failures
		}))
		names := auth.Names{Issuer: settings.TokenIssuer(settings.Signing), Audience: settings.Audience}
		accepted.Provider = auth.NewIdentityProvider(in.keys, names, mappingOf(settings.IdentityProvider), s.clock)
	}
	in.verifier = auth.Unrevoked{Verifier: auth.NewRemembering(accepted, s.clock), Revocations: in.revocations}
	return in, nil
}

// source returns where the provider's keys are read. The pages sign people in where they are a client of an OpenID Connect
// provider.
func (in *signIn) source(settings *config.Serve) auth.KeyReader {
	if settings.OIDC.Issuer == "" {
		return auth.NewKeySource(string(settings.JWKSURL))
	}
	source := auth.NewOpenIDSource(string(settings.OIDC.Issuer))
	if settings.OIDC.ClientID == "" {
		return source
	}
	client := web.OpenIDClient{ClientID: settings.OIDC.ClientID, Scopes: settings.OIDC.Scopes, Parameters: settings.OIDC.Parameters}
	in.pages = func() web.SignInSettings {
		current := client
		if metadata, known := source.Discovery(); known {
			current.Metadata = &metadata
		}
		return web.SignInSettings{Provider: &current}
	}
	return source
}

// ready returns why nobody can sign in now; nil when people can.
func (in *signIn) ready() error {
	if in.keys == nil {
		return nil
	}
	return in.keys.Ready()
}

// signInAs returns a token of a role by its name; nil but on a development server.
func (in *signIn) signInAs() func(ctx context.Context, role string) (token string, err error) {
	if in.development == nil {
		return nil
	}
	return in.development.Token
}

// run returns what keeps keys and revocations up to date.
func (in *signIn) run(tail auth.RevocationTail) []func(context.Context) error {
	runs := []func(context.Context) error{
		func(ctx context.Context) error { return in.revocations.Run(ctx, tail) },
	}
	if in.keys != nil {
		runs = append(runs, in.keys.Run)
	}
	return runs
}

func namesOf(signing config.Signing) auth.Names {
	return auth.Names{Issuer: signing.Issuer, Audience: signing.Audience}
}

func mappingOf(provider config.IdentityProvider) auth.ClaimMapping {
	roles := make(map[string][]cloudtag.Role, len(provider.RoleMap))
	for name, given := range provider.RoleMap {
		roles[name] = given
	}
	return auth.ClaimMapping{RolesClaim: provider.RolesClaim, MerchantClaim: provider.MerchantClaim, Roles: roles}
}

// readKeys reads an identity provider's keys once.
func readKeys(ctx context.Context, url string) (auth.Answer, error) {
	return auth.NewKeySource(url).Read(ctx)
}

// signer returns what signs and verifies the product's own tokens.
func signer(signing config.Signing, development bool) *auth.SharedSecret {
	secret := string(signing.Secret)
	if development {
		secret = auth.DevelopmentSecret
	}
	tokens := auth.NewSharedSecret([]byte(secret), namesOf(signing), cloudtag.SystemClock{}, newIDSource(cloudtag.SystemClock{}))
	if signing.PreviousSecret != "" && !development {
		tokens = tokens.Accepting([]byte(signing.PreviousSecret))
	}
	return tokens
}
