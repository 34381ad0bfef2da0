package demo

import (
	"hash/fnv"
	"math"

	"cloudtag/internal/cloudtag"
)

// What the data set does not know is made up here, each from the order's number alone, so that it is the same at every
// load: amounts and notes. No rule looks at either.

// Baskets are log-normal, as those of marketplaces are: half of them above typicalBasket, few very large.
const (
	typicalBasket   = 128.0 // in units of the currency
	basketDeviation = 0.95  // of the logarithm
	leastBasket     = 9.9
	largestBasket   = 9999.0
)

// draw gives a number from 0 to 1, exclusive, for an order and a purpose.
func draw(number cloudtag.OrderNo, purpose string) float64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(purpose + string(number))) // never fails
	mixed := hash.Sum64()
	mixed ^= mixed >> 31
	mixed *= 0x9e3779b97f4a7c15
	mixed ^= mixed >> 29
	return (float64(mixed>>11) + 0.5) / (1 << 53)
}

// basket is what an order costs, in hundredths: whole units, or ending on 90 as prices do.
func basket(number cloudtag.OrderNo) int64 {
	normal := math.Sqrt2 * math.Erfinv(2*draw(number, "basket")-1)
	units := min(largestBasket, max(leastBasket, typicalBasket*math.Exp(basketDeviation*normal)))
	cents := int64(math.Floor(units)) * 100
	if draw(number, "ending") < 0.6 {
		cents += 90
	}
	return cents
}

// notedShare is the share of tags that have a note.
const notedShare = 0.7

// note is what a shop wrote with its tag; empty for none.
func note(number cloudtag.OrderNo, scenario cloudtag.ScenarioCode) string {
	choices := notes()[scenario]
	if draw(number, "noted") >= notedShare || len(choices) == 0 {
		return ""
	}
	return choices[int(draw(number, "note")*float64(len(choices)))]
}

func notes() map[cloudtag.ScenarioCode][]string {
	return map[cloudtag.ScenarioCode][]string{
		"RETURN_SWAPPED": {
			"退回的是旧款，吊牌和防伪码与发货记录不一致。", "开箱视频显示退回的是仿品，序列号对不上。", "寄出 256G，退回 128G，外包装被换过。",
			"退回的鞋有明显穿着痕迹，鞋盒是别家的。", "发出的是全新机，退回的屏幕有更换痕迹。",
		},
		"REFUND_NOT_RETURNED": {
			"退款已到账，三次联系均拒绝寄回商品。", "填写的退货单号查无物流，商品至今未退。", "承诺当天寄回，之后不再回复消息。", "闪退后拒收上门取件，电话无人接听。",
		},
		"EXTORTION_CLAIM": {
			"以差评要挟，要求补偿 50 元红包。", "称衣物有异味要求赔付，拒绝提供任何照片。", "签收 20 天后要求退一赔三，无质检报告。", "聊天中明确表示不赔就投诉到底。",
		},
		"STOCK_HOLDING": {
			"活动期间拍下 30 件未付款，占用库存两天。", "连续五个账号同一地址拍下未付，疑似同行占库存。", "大促前集中拍单，活动结束后全部取消。",
		},
	}
}
