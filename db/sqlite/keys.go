package sqlite

import "encoding/json"

// jsonText encodes texts, and lists of them, which can't fail.
func jsonText(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}
