package cloudtag

// Exports for the tests of this package, which are in an external package because they need a store.

const (
	ReasonLostThreshold = reasonLostThreshold
)

func EncodeCursor(list string, position Position) Cursor { return encodeCursor(list, position) }

func DecodeCursor(list string, cursor Cursor, field string) (Position, error) {
	return decodeCursor(list, cursor, field)
}

func (r PageRequest) Slice(list string) (Slice, error) { return r.slice(list) }

func (a Action) IsWork() bool { return a.isWork() }

func SignalNames() map[string]Text { return signalNames }

// SetRecords sets the records of shops, without their credit from the account of the case itself.
func (f *CaseFile) SetRecords(records map[MerchantID]TrackRecord) { f.records = records }
