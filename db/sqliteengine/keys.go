package sqliteengine

import "encoding/json"

// jsonList encodes texts that are known to be good.
func jsonList[T any](values []T) string {
	encoded, err := json.Marshal(values)
	if err != nil {
		panic(err) // texts and numbers can't fail
	}
	return string(encoded)
}
