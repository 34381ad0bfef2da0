package cloudtag

import "time"

// AccountRecord lists the shops that reported an account, in the order of the log, with the credit that they have from each
// other for it.
type AccountRecord struct {
	Version int           `json:"version"`
	BuyerID BuyerID       `json:"buyerId"`
	Shops   []AccountShop `json:"shops"` // the latest 100 at most
}

// AccountShop is a shop's part in an account's record.
type AccountShop struct {
	MerchantID    MerchantID     `json:"merchantId"`
	EntityID      EntityID       `json:"entityId"`
	At            time.Time      `json:"at"`
	Tags          int            `json:"tags"` // not voided; 0 if the shop takes no part any more
	Credit        Millionths     `json:"credit,omitzero"`
	CoOccurrences []CoOccurrence `json:"met,omitzero"` // with shops that precede it in the list
	Overturned    int            `json:"overturned,omitzero"`
	Rejected      int            `json:"rejected,omitzero"`
}

// CoOccurrence is the credit that two shops gave each other for reporting the same account.
type CoOccurrence struct {
	With MerchantID `json:"with"`
	Got  Millionths `json:"got,omitzero"`
	Gave Millionths `json:"gave,omitzero"`
}

// Shop returns a shop's part, nil if it has none.
func (a *AccountRecord) Shop(id MerchantID) *AccountShop {
	for i := range a.Shops {
		if a.Shops[i].MerchantID == id {
			return &a.Shops[i]
		}
	}
	return nil
}

// AccountRecordID is the identifier of an account's record.
func AccountRecordID(id BuyerID) string { return TrackRecordID("account", string(id)) }

// AccountRecordCodec stores records of accounts.
func AccountRecordCodec() Codec[AccountRecord] {
	return Codec[AccountRecord]{KindCollusion, func(r AccountRecord) Document {
		return Document{ID: AccountRecordID(r.BuyerID), Version: r.Version, State: "ACCOUNT"}
	}}
}
