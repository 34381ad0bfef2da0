package auth

import (
	"strings"
	"testing"
)

func TestSecretWeakness(t *testing.T) {
	tests := []struct{ name, secret, says string }{
		{"the development secret", DevelopmentSecret, "development"},
		{"short", "pFQw9kqk5n0vJ3mZ", "16 bytes"},
		{"monotonous", strings.Repeat("secret12", 8), "guessed"}, // 7 different characters
		{"random", "q1Z7pL0xVd3mTs9KfYb2NwRhJc5EuGa8", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := SecretWeakness(test.secret)
			if (got == "") != (test.says == "") || !strings.Contains(got, test.says) {
				t.Errorf("said %q", got)
			}
			if strings.Contains(got, test.secret) {
				t.Errorf("%q shows the secret", got)
			}
		})
	}
}
