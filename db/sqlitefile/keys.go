package sqlitefile

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// KeyList encodes keys for json_each, each once, so that one statement serves any number of them. Texts that JSON
// can't carry unchanged (invalid UTF-8, NUL) are left out: nothing is ever stored under them.
func KeyList[T ~string](keys []T) (string, error) {
	listed := make([]T, 0, len(keys))
	seen := make(map[T]struct{}, len(keys))
	for _, key := range keys {
		if _, again := seen[key]; again || !utf8.ValidString(string(key)) || strings.ContainsRune(string(key), 0) {
			continue
		}
		seen[key] = struct{}{}
		listed = append(listed, key)
	}
	encoded, err := json.Marshal(listed)
	return string(encoded), err
}
