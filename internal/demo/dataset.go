package demo

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the data set
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

//go:embed bitcoin-otc.csv.gz
var packed []byte

// rating is one row of the data set: one trader's rating of another.
type rating struct {
	rater, ratee string
	value        int // -10 to 10, never 0
	at           time.Time
}

// readRatings decompresses and parses the data set.
func readRatings() ([]rating, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the data set: %w", err)
	}
	rows := csv.NewReader(unpacked)
	rows.FieldsPerRecord = 4
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("read the data set's header: %w", err)
	}
	var ratings []rating
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return ratings, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the data set: %w", err)
		}
		value, valueErr := strconv.Atoi(row[2])
		seconds, timeErr := strconv.ParseInt(row[3], 10, 64)
		if err := errors.Join(valueErr, timeErr); err != nil {
			return nil, fmt.Errorf("row %d of the data set: %w", len(ratings)+1, err)
		}
		ratings = append(ratings, rating{row[0], row[1], value, time.Unix(seconds, 0).UTC()})
	}
}

// Market is the data set in terms of the domain. Rows are in the order of the file, which is chronological.
type Market struct {
	Merchants []cloudtag.Merchant
	Orders    []cloudtag.Order
	Risks     []cloudtag.RiskProfile
	Tags      []importing.PastTag
}

// FeaturedMerchant is the shop to explore the demo as: it has the most tags, and some of its latest orders are untagged.
const FeaturedMerchant cloudtag.MerchantID = "m-2125"

const (
	firstOrderNo   = 1_000_000_001
	ratedAfter     = 3 * 24 * time.Hour // from order to rating
	marketCurrency = "CNY"
)

// Read returns the data set with its original times.
func Read() (Market, error) {
	ratings, err := readRatings()
	if err != nil {
		return Market{}, err
	}
	market := Market{Risks: risks(ratings)}
	known := make(map[string]bool)
	for i, r := range ratings {
		order := r.order(firstOrderNo + i)
		market.Orders = append(market.Orders, order)
		if !known[r.rater] {
			known[r.rater] = true
			market.Merchants = append(market.Merchants, cloudtag.Merchant{
				ID: order.MerchantID, Name: "店铺 " + r.rater, EntityID: cloudtag.EntityID(order.MerchantID), CreatedAt: order.PlacedAt,
			})
		}
		if r.value < 0 {
			market.Tags = append(market.Tags, importing.PastTag{
				OrderNo: order.OrderNo, Scenario: r.scenario(), SubmittedAt: r.at, Note: note(order.OrderNo, r.scenario()),
			})
		}
	}
	market.assignEntities()
	return market, nil
}

func (r rating) buyer() cloudtag.BuyerID { return cloudtag.BuyerID("b-" + r.ratee) }

func (r rating) order(number int) cloudtag.Order {
	orderNo := cloudtag.OrderNo(strconv.Itoa(number))
	order := cloudtag.Order{
		OrderNo: orderNo, MerchantID: cloudtag.MerchantID("m-" + r.rater), BuyerID: r.buyer(),
		PlacedAt: r.at.Add(-ratedAfter), AmountCents: basket(orderNo), Currency: marketCurrency,
		FreightInsured: number%2 == 0, ReportOutcome: cloudtag.ReportNone,
	}
	if r.value < 0 {
		order.ReportOutcome = cloudtag.ReportRejected
	}
	return order
}

func (r rating) scenario() cloudtag.ScenarioCode {
	switch {
	case r.value == -10:
		return "RETURN_SWAPPED"
	case r.value <= -6:
		return "REFUND_NOT_RETURNED"
	case r.value <= -2:
		return "EXTORTION_CLAIM"
	default:
		return "STOCK_HOLDING"
	}
}
