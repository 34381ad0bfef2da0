package webhooks

import (
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Draft is what a client sets of an endpoint.
type Draft struct {
	URL         string
	Description string
	Types       []cloudtag.Action // empty: all that its owner may be sent
}

// check returns the draft with its types sorted, each once.
func (d Draft) check(rules Rules, merchant bool) (Draft, error) {
	if err := rules.check(d.URL); err != nil {
		return d, err
	}
	if !cloudtag.ValidText(d.Description, maxDescriptionLength) {
		return d, cloudtag.Refuse(cloudtag.CodeInvalidWebhook, cloudtag.Text{
			ZH: fmt.Sprintf("description：最多 %d 个字且不含控制字符。", maxDescriptionLength),
			EN: fmt.Sprintf("description: at most %d characters without control characters.", maxDescriptionLength),
		}, "input", "description")
	}
	allowed := EventTypes(merchant)
	d.Types = slices.Clone(d.Types)
	slices.Sort(d.Types)
	d.Types = slices.Compact(d.Types)
	for _, action := range d.Types {
		if !slices.Contains(allowed, action) {
			return d, cloudtag.Refuse(cloudtag.CodeInvalidWebhook, cloudtag.Text{
				ZH: fmt.Sprintf("types：不支持 %.60q，请用 webhookTypes 查询可用的类型。", action),
				EN: fmt.Sprintf("types: %.60q is not a type that this endpoint can be sent; webhookTypes lists them.", action),
			}, "input", "types")
		}
	}
	return d, nil
}
