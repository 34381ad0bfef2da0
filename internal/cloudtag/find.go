package cloudtag

import (
	"context"
	"fmt"
)

// MostFound is the maximum number of records of each kind that [Records.Find] returns.
const MostFound = 5

// Found is the records of each kind that match a prefix of an identifier, by identifier.
type Found struct {
	Buyers    []BuyerID // the account with exactly that identifier, and those with risk data whose identifier has the prefix
	Cases     []Case
	Merchants []Merchant
	Orders    []Order
}

// Find returns up to [MostFound] records of each kind whose identifier starts with a prefix. Errors: FORBIDDEN unless the
// caller reviews, BAD_USER_INPUT.
func (r *Records) Find(ctx context.Context, caller Caller, prefix string) (Found, error) {
	if !caller.MaySeeCases() {
		return Found{}, Forbidden()
	}
	if prefix == "" || !ValidText(prefix, maxSearchLength) {
		return Found{}, Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("请输入 1 至 %d 个字，不能含控制字符。", maxSearchLength),
			EN: fmt.Sprintf("Give 1 to %d characters, none of them control characters.", maxSearchLength),
		}, "prefix")
	}
	found, err := r.store.Find(ctx, prefix, MostFound)
	if err != nil {
		return Found{}, fmt.Errorf("find by identifier: %w", err)
	}
	return found, nil
}
