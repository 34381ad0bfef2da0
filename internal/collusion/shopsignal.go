package collusion

import (
	"fmt"
	"math"
	"time"

	"cloudtag/internal/cloudtag"
)

// What makes a shop stand out. Like linked pairs these are facts to look at, never verdicts: they change nothing by themselves.
const (
	usualTagShare        = 0.5  // of a shop's orders: who tags more than that is looked at
	usualOverturnedShare = 0.1  // of the accounts that a shop reported
	standsOutChance      = 1e-3 // at most so likely that a shop at the usual share comes to as many
	rounding             = 1e-9 // of a chance: three of three at one in ten are one in a thousand
)

// SignalKind is what stands out about a shop.
type SignalKind string

// The kinds of signals.
const (
	SignalTagsPerOrder SignalKind = "TAGS_PER_ORDER"
	SignalOverturned   SignalKind = "OVERTURNED"
)

// ShopSignal is something that stands out about a shop, with its evidence.
type ShopSignal struct {
	Kind   SignalKind
	Count  int     // orders that it tagged; accounts on which its reports were overturned
	Of     int     // its orders; accounts that it reported
	Days   int     // over which the orders were counted
	Chance float64 // that a shop at the usual share comes to as many, 0 to 1
}

// ShopSignals returns what stands out about a shop, by kind.
func ShopSignals(record cloudtag.TrackRecord, share cloudtag.TagShare, now time.Time) []ShopSignal {
	var signals []ShopSignal
	add := func(signal ShopSignal, usual float64) {
		signal.Chance = binomialTail(signal.Of, signal.Count, usual)
		if float64(signal.Count) > usual*float64(signal.Of) && signal.Chance <= standsOutChance*(1+rounding) {
			signals = append(signals, signal)
		}
	}
	add(ShopSignal{Kind: SignalTagsPerOrder, Count: share.Tagged, Of: share.Orders, Days: share.Days(now)}, usualTagShare)
	add(ShopSignal{Kind: SignalOverturned, Count: min(record.Overturned, record.Accounts), Of: record.Accounts}, usualOverturnedShare)
	return signals
}

// binomialTail is the probability of at least count hits in so many trials, each with a probability.
func binomialTail(trials, count int, probability float64) float64 {
	if count <= 0 {
		return 1
	}
	sum := 0.0
	for hits := count; hits <= trials; hits++ {
		term := math.Exp(logBinomial(trials, hits) + float64(hits)*math.Log(probability) + float64(trials-hits)*math.Log1p(-probability))
		sum += term
		if float64(hits) > probability*float64(trials) && term < sum*1e-12 {
			break
		}
	}
	return min(1, sum)
}

// Text says what stands out, and why it is more than chance.
func (s ShopSignal) Text() cloudtag.Text {
	percent := int(math.Round(100 * float64(s.Count) / float64(s.Of)))
	chance := s.chanceText()
	if s.Kind == SignalOverturned {
		return cloudtag.Text{
			ZH: fmt.Sprintf("该店铺打标的 %d 个账号中，%d 个（%d%%）的标记经申诉被撤销。若撤销率为十分之一，出现这么多的概率%s。", s.Of, s.Count, percent, chance.ZH),
			EN: fmt.Sprintf("On %d of the %d accounts that it reported (%d %%), an appeal overturned its reports. Of shops with one in ten overturned, %s comes to as many.", s.Count, s.Of, percent, chance.EN),
		}
	}
	return cloudtag.Text{
		ZH: fmt.Sprintf("该店铺近 %d 天的 %d 笔订单中，%d 笔（%d%%）已被其打标。若打标率为一半，出现这么多的概率%s。", s.Days, s.Of, s.Count, percent, chance.ZH),
		EN: fmt.Sprintf("It tagged %d of its %d orders of the last %d days (%d %%). Of shops that tag half of their orders, %s comes to as many.", s.Count, s.Of, s.Days, percent, chance.EN),
	}
}

// chanceText words a chance, which is at most standsOutChance.
func (s ShopSignal) chanceText() cloudtag.Text {
	const million = 1_000_000
	shops := int(math.Floor((1 + rounding) / max(s.Chance, 1.0/million)))
	if shops >= million {
		return cloudtag.Text{ZH: "不超过百万分之一", EN: "at most one in a million"}
	}
	number := fmt.Sprintf("%d,%03d", shops/1000, shops%1000)
	return cloudtag.Text{ZH: "约为 1/" + number, EN: "one in " + number}
}
