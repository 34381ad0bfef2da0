package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// Log are the settings of the log.
type Log struct {
	Level  string `enum:"debug,info,warn,error" default:"info" help:"Least severity to log: ${enum}."`
	Format string `enum:"auto,text,json" default:"auto" help:"Form of the log: ${enum}; auto is text on a terminal and json elsewhere."`
}

// Database is the setting of the store.
type Database struct {
	DB string `name:"db" default:"sqlite:data/cloudtag.db" placeholder:"URI" help:"Store: sqlite:PATH or mongodb://HOST:PORT/DATABASE, or for serve --dev memory:, which is empty and gone at the end (default ${default})."`
}

// Days is the time zone of the platform, by whose days everything is counted.
type Days struct {
	TimeZone TimeZone `default:"Asia/Shanghai" placeholder:"ZONE" help:"Time zone of the platform, by its name in the IANA database: where its days begin, by which everything is counted (default ${default})."`
}

// Calendar returns the calendar of the zone.
func (d Days) Calendar() cloudtag.Calendar { return cloudtag.NewCalendar(d.TimeZone.location) }

// TimeZone is a zone of the IANA database.
type TimeZone struct{ location *time.Location }

// UnmarshalText finds a zone by its name. Local is rejected: it depends on the machine, and instances would count by
// different days.
func (z *TimeZone) UnmarshalText(text []byte) error {
	location, err := time.LoadLocation(string(text))
	if err != nil || len(text) == 0 || string(text) == "Local" {
		return fmt.Errorf("expected the name of a time zone, such as Asia/Shanghai or UTC, but got %q", text)
	}
	z.location = location
	return nil
}

// String returns the zone's name.
func (z TimeZone) String() string { return z.location.String() }

// Address is a host and a port to listen on; port 0 is any free port.
type Address string

// UnmarshalText checks the form HOST:PORT.
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("expected HOST:PORT, such as 127.0.0.1:8080, but got %q", text)
	}
	*a = Address(text)
	return nil
}

// OptionalAddress is an [Address] or empty.
type OptionalAddress string

// UnmarshalText checks the form HOST:PORT or the empty string.
func (a *OptionalAddress) UnmarshalText(text []byte) error {
	var address Address
	if len(text) > 0 {
		if err := address.UnmarshalText(text); err != nil {
			return err
		}
	}
	*a = OptionalAddress(address)
	return nil
}

// loopback reports whether the address is literally a loopback one or localhost. What localhost resolves to is checked when
// the program listens.
func (a Address) loopback() bool {
	host, _, err := net.SplitHostPort(string(a))
	return err == nil && auth.LoopbackHost(host)
}

// Origin is the origin of a web page: scheme, host and port, nothing else.
type Origin string

// UnmarshalText checks the form. There are no wildcards.
func (o *Origin) UnmarshalText(text []byte) error {
	if bytes.ContainsRune(text, '*') {
		return fmt.Errorf("expected each origin in full, such as https://console.example.com, but got the wildcard %q", text)
	}
	parsed, err := url.Parse(string(text))
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" ||
		parsed.Scheme+"://"+parsed.Host != string(text) {
		return fmt.Errorf("expected origins such as https://console.example.com, but got %q", text)
	}
	*o = Origin(text)
	return nil
}

// Time is a time in RFC 3339.
type Time time.Time

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := cloudtag.ParseTime(string(text))
	if err != nil {
		return fmt.Errorf("expected a time such as 2026-01-31T12:00:00Z, but got %q", text)
	}
	*t = Time(parsed)
	return nil
}

// Since is a position in the log: a sequence number from 1, or a time. Exactly one is set.
type Since struct {
	Seq  int64
	Time time.Time
}

// UnmarshalText reads a sequence number or a time in RFC 3339.
func (s *Since) UnmarshalText(text []byte) error {
	if seq, err := strconv.ParseInt(string(text), 10, 64); err == nil && seq > 0 {
		*s = Since{Seq: seq}
		return nil
	}
	at, err := cloudtag.ParseTime(string(text))
	if err != nil {
		return fmt.Errorf("expected the number of an entry, from 1, or a time such as 2026-01-31T12:00:00Z, but got %q", text)
	}
	*s = Since{Time: at}
	return nil
}

// EntryHash is the hash of an entry of the log, as verify-log prints it.
type EntryHash struct {
	Seq  int64
	Hash []byte
}

// UnmarshalText reads SEQ:HASH, the hash in hexadecimal.
func (e *EntryHash) UnmarshalText(text []byte) error {
	number, digits, _ := strings.Cut(string(text), ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	hash, decoding := hex.DecodeString(digits)
	if err != nil || seq < 1 || decoding != nil || len(hash) != sha256.Size {
		return fmt.Errorf("expected SEQ:HASH, the number of an entry and its hash of %d hexadecimal digits, but got %q", 2*sha256.Size, text)
	}
	*e = EntryHash{Seq: seq, Hash: hash}
	return nil
}

// Secret is a string that must not be printed.
type Secret string

// String hides the secret from anything that prints it.
func (Secret) String() string { return "(secret)" }

// Signing are the settings of bearer tokens that the product signs.
type Signing struct {
	Secret         Secret `name:"jwt-secret" placeholder:"SECRET" help:"Secret that signs bearer tokens (HS256), at least 32 bytes. Prefer the environment: other users of the machine can see arguments."`
	PreviousSecret Secret `name:"jwt-secret-previous" placeholder:"SECRET" help:"Secret that signed earlier tokens, which are accepted until they expire: for changing the secret without signing anybody out."`
	Issuer         string `name:"jwt-issuer" placeholder:"NAME" help:"Issuer that tokens must name; empty: any."`
	Audience       string `name:"jwt-audience" placeholder:"NAME" help:"Audience that tokens must name; empty: any."`
}

// Cursors are the secrets under which cursors are sealed.
type Cursors struct {
	Secret   Secret `placeholder:"SECRET" help:"Secret that seals the cursors clients hold, at least 32 bytes; by default one that is made once and kept in the store. Prefer the environment: other users of the machine can see arguments."`
	Previous Secret `name:"secret-previous" placeholder:"SECRET" help:"Secret that sealed earlier cursors, which are still opened: for changing the secret while clients go on."`
}

// check returns what is wrong with the secrets, without showing them.
func (c Cursors) check() error {
	if c.Previous != "" && c.Secret == "" {
		return errors.New("--cursor-secret-previous (CLOUDTAG_CURSOR_SECRET_PREVIOUS): expected only beside --cursor-secret")
	}
	for _, given := range []struct {
		name   string
		secret Secret
	}{
		{"--cursor-secret (CLOUDTAG_CURSOR_SECRET)", c.Secret},
		{"--cursor-secret-previous (CLOUDTAG_CURSOR_SECRET_PREVIOUS)", c.Previous},
	} {
		if given.secret == "" {
			continue
		}
		if weakness := auth.SecretWeakness(string(given.secret)); weakness != "" {
			return fmt.Errorf("%s: expected at least %d random bytes, but %s", given.name, auth.MinSecretLength, weakness)
		}
	}
	return nil
}

// check returns what is wrong with the secret, without showing it. needed: there is no other way to authenticate.
func (s Signing) check(needed bool) error {
	switch {
	case s.PreviousSecret != "" && s.Secret == "":
		return errors.New("--jwt-secret-previous (CLOUDTAG_JWT_SECRET_PREVIOUS): expected only beside --jwt-secret")
	case s.PreviousSecret != "" && len(s.PreviousSecret) < auth.MinSecretLength:
		return fmt.Errorf("--jwt-secret-previous (CLOUDTAG_JWT_SECRET_PREVIOUS): expected at least %d bytes, but got %d", auth.MinSecretLength, len(s.PreviousSecret))
	case !needed && s.Secret == "":
		return nil
	case s.Secret == "":
		return fmt.Errorf("--jwt-secret (CLOUDTAG_JWT_SECRET): expected a secret of at least %d bytes; --dev uses the development secret", auth.MinSecretLength)
	case len(s.Secret) < auth.MinSecretLength:
		return fmt.Errorf("--jwt-secret (CLOUDTAG_JWT_SECRET): expected at least %d bytes, but got %d", auth.MinSecretLength, len(s.Secret))
	default:
		return nil
	}
}

// within returns an error for a duration out of its range.
func within(flag string, value, least, most time.Duration) error {
	if value < least || value > most {
		return errors.New(flag + ": expected " + least.String() + " to " + most.String() + ", but got " + value.String())
	}
	return nil
}

// between returns an error for a number out of its range.
func between(flag string, value, least, most int64) error {
	if value < least || value > most {
		return fmt.Errorf("%s: expected %d to %d, but got %d", flag, least, most, value)
	}
	return nil
}
