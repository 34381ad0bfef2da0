package copying

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest is an order-independent checksum of a kind's rows: the sum of their hashes.
type Digest struct {
	Count int
	sum   [sha256.Size]byte
}

// String returns the checksum in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d.sum[:]) }

func (d *Digest) add(row Row) error {
	encoded, err := json.Marshal(row.Value)
	if err != nil {
		return err
	}
	// Stores don't distinguish empty lists from null, nor keep the formatting of JSON.
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	if encoded, err = json.Marshal(withoutEmpty(value)); err != nil {
		return fmt.Errorf("encode a row: %w", err)
	}
	d.Count++
	hash := sha256.Sum256(encoded)
	overflow := 0
	for i := len(hash) - 1; i >= 0; i-- {
		overflow += int(d.sum[i]) + int(hash[i])
		d.sum[i] = byte(overflow)
		overflow >>= 8
	}
	return nil
}

// withoutEmpty removes nulls, empty lists and empty objects from objects.
func withoutEmpty(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			field = withoutEmpty(field)
			value[name] = field
			switch inner := field.(type) {
			case nil:
				delete(value, name)
			case []any:
				if len(inner) == 0 {
					delete(value, name)
				}
			case map[string]any:
				if len(inner) == 0 {
					delete(value, name)
				}
			}
		}
	case []any:
		for i := range value {
			value[i] = withoutEmpty(value[i])
		}
	}
	return value
}
