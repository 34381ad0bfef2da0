package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"cloudtag/internal/cloudtag"
)

// Terms: stable 64-bit hashes of what entries are found by.

func actionTerm(action cloudtag.Action) int64 { return termOf("action", string(action)) }

func actorTerm(actor string) int64 { return termOf("actor", actor) }

func actionActorTerm(action cloudtag.Action, actor string) int64 {
	return termOf("both", string(action)+"\x00"+actor)
}

func subjectTerm(subject cloudtag.Subject) int64 { return termOf("subject", string(subject)) }

// fileTerm is what the older entries of a case are found by.
func fileTerm(id cloudtag.CaseID) int64 { return termOf("file", string(id)) }

func termOf(kind, text string) int64 {
	sum := sha256.Sum256([]byte(kind + "\x00" + text))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// The case row keeps its latest entries' numbers; beyond tailMax the oldest tailFlush of them move to log_terms, so
// that a case with a long history is not rewritten as a whole.
const (
	tailMax   = 128
	tailFlush = 64
)

// storeTail returns what the case row keeps of the file's entries, and stores away what is too much.
func storeTail(w *work, file *openedFile) ([]byte, error) {
	for len(file.entries) > tailMax {
		oldest := file.entries[:tailFlush]
		if err := w.insert(termsTable, []any{fileTerm(file.id), oldest[0], encodeSteps(oldest)}); err != nil {
			return nil, err
		}
		file.entries = file.entries[tailFlush:]
	}
	if len(file.entries) == 0 {
		return []byte{}, nil
	}
	encoded := make([]byte, 0, binary.MaxVarintLen64+len(file.entries))
	return append(binary.AppendUvarint(encoded, uint64(file.entries[0])), encodeSteps(file.entries)...), nil
}

func decodeTail(encoded []byte) ([]int64, error) {
	if len(encoded) == 0 {
		return nil, nil
	}
	first, size := binary.Uvarint(encoded)
	if size <= 0 {
		return nil, errDamagedList
	}
	return decodeSteps(int64(first), encoded[size:])
}

var errDamagedList = errors.New("a list of log entries is damaged")

// encodeSteps encodes ascending numbers but for the first: each as the step from the one before.
func encodeSteps(seqs []int64) []byte {
	encoded := make([]byte, 0, len(seqs))
	for i := 1; i < len(seqs); i++ {
		encoded = binary.AppendUvarint(encoded, uint64(seqs[i]-seqs[i-1]))
	}
	return encoded
}

func decodeSteps(first int64, encoded []byte) ([]int64, error) {
	seqs := []int64{first}
	for len(encoded) > 0 {
		step, size := binary.Uvarint(encoded)
		if size <= 0 {
			return nil, errDamagedList
		}
		first += int64(step)
		seqs = append(seqs, first)
		encoded = encoded[size:]
	}
	return seqs, nil
}

// encodeSubjects encodes subjects one after the other, each behind its length.
func encodeSubjects(subjects []cloudtag.Subject) []byte {
	size := 0
	for _, subject := range subjects {
		size += len(subject) + 2
	}
	encoded := make([]byte, 0, size)
	for _, subject := range subjects {
		encoded = binary.AppendUvarint(encoded, uint64(len(subject)))
		encoded = append(encoded, subject...)
	}
	return encoded
}

func decodeSubjects(encoded []byte) ([]cloudtag.Subject, error) {
	var subjects []cloudtag.Subject
	for len(encoded) > 0 {
		length, size := binary.Uvarint(encoded)
		if size <= 0 || length > uint64(len(encoded)-size) {
			return nil, errors.New("a list of subjects is damaged")
		}
		end := size + int(length)
		subjects = append(subjects, cloudtag.Subject(encoded[size:end]))
		encoded = encoded[end:]
	}
	return subjects, nil
}
