package cloudtag

import "slices"

// ScenarioCategory is the part of a purchase that a scenario is about.
type ScenarioCategory string

// The categories.
const (
	CategoryOrder  ScenarioCategory = "ORDER"
	CategoryReturn ScenarioCategory = "RETURN"
	CategoryClaim  ScenarioCategory = "CLAIM"
	CategoryReview ScenarioCategory = "REVIEW"
)

// ScenarioEffect is what a success means for other services of the platform. None restricts an account (rule 12).
type ScenarioEffect string

// The effects.
const (
	EffectRefuseFreightInsurance ScenarioEffect = "REFUSE_FREIGHT_INSURANCE"
	EffectExcludeFromMetrics     ScenarioEffect = "EXCLUDE_FROM_METRICS"
	EffectFlagReview             ScenarioEffect = "FLAG_REVIEW"
	EffectLabelOnly              ScenarioEffect = "LABEL_ONLY"
)

// Scenario is one kind of abuse that a merchant can report.
type Scenario struct {
	Code       ScenarioCode
	Name       Text
	Definition Text
	Category   ScenarioCategory
	Effect     ScenarioEffect
}

// catalogue is what [Scenarios] copies: the kinds of abuse known from the marketplaces' own tools, with the effect
// of a success. Codes are for ever: tags refer to them.
var catalogue = [...]Scenario{
	{
		Code:       "FREIGHT_INSURANCE_ARBITRAGE",
		Name:       Text{ZH: "运费险套利", EN: "Freight insurance arbitrage"},
		Definition: Text{ZH: "以获取运费险赔付或赔付差价为目的的退货。", EN: "Returns made to gain the freight insurance payout or its difference to the real cost."},
		Category:   CategoryReturn,
		Effect:     EffectRefuseFreightInsurance,
	},
	{
		Code:       "RETURN_EMPTY_OR_SHORT",
		Name:       Text{ZH: "退货空包/少件", EN: "Empty or short return"},
		Definition: Text{ZH: "退回的商品数量少于发货数量，包括退回空包裹。", EN: "The returned quantity is below the shipped one, an empty parcel included."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "RETURN_SWAPPED",
		Name:       Text{ZH: "退货调包", EN: "Swapped return"},
		Definition: Text{ZH: "退回的商品不是商家发出的商品。", EN: "The returned item is not the one that was shipped."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "RETURN_FALSE_LOGISTICS",
		Name:       Text{ZH: "退货物流信息异常", EN: "False return logistics"},
		Definition: Text{ZH: "退货运单号错误、重复使用或无法查询，或退货地址错误。", EN: "The return's tracking number is wrong, reused or untraceable, or its address is wrong."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REFUND_NOT_RETURNED",
		Name:       Text{ZH: "闪退后拒绝退回", EN: "Instant refund, goods kept"},
		Definition: Text{ZH: "享受闪电退款后拒绝退回商品。", EN: "Takes the instant refund and does not send the goods back."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REMOTE_RETURN",
		Name:       Text{ZH: "异地退货套利", EN: "Remote-address return"},
		Definition: Text{ZH: "取件地址与收货地址不一致，疑似套取运费。", EN: "The pickup address differs from the delivery address, and freight is presumably gained by it."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "BULK_SCALPER_RETURN",
		Name:       Text{ZH: "黄牛批量售后退货", EN: "Bulk scalper returns"},
		Definition: Text{ZH: "同一人或同一团伙（按电话、收货人或地址识别）批量退货。", EN: "Bulk returns by one person or group, known by telephone, consignee or address."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REFUND_ONLY_RECEIVED",
		Name:       Text{ZH: "已收到货仅退款", EN: "Refund-only after receipt"},
		Definition: Text{ZH: "已收到商品却以未收到货为由申请仅退款。", EN: "Received the goods and claims a refund for not having received them."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "RETURN_NOT_INTACT",
		Name:       Text{ZH: "退货不符合商品完好", EN: "Return not intact"},
		Definition: Text{ZH: "频繁以七天无理由退回不符合商品完好要求的商品。", EN: "Frequent seven-day no-reason returns of goods that are not intact."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "REUSED_EVIDENCE",
		Name:       Text{ZH: "同凭证反复举证", EN: "Reused evidence"},
		Definition: Text{ZH: "在多个售后中反复使用同一张或伪造的图片作为凭证。", EN: "Uses the same or a forged picture as evidence again and again."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "STOCK_HOLDING",
		Name:       Text{ZH: "占库存", EN: "Stock holding"},
		Definition: Text{ZH: "大量拍下不付款，占用库存。", EN: "Bulk orders that are not paid and occupy the stock."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "PROMO_ARBITRAGE",
		Name:       Text{ZH: "套利", EN: "Promotion arbitrage"},
		Definition: Text{ZH: "以不正当方式获取低价、优惠券或运费利益。", EN: "Obtains low prices, coupons or freight improperly."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "SCALPING",
		Name:       Text{ZH: "黄牛批量下单", EN: "Scalping"},
		Definition: Text{ZH: "黄牛或经销商批量下单紧俏商品。", EN: "Bulk orders of scarce goods by scalpers or dealers."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "SURCHARGE_ONLY",
		Name:       Text{ZH: "差价运费单拍", EN: "Surcharge-link only"},
		Definition: Text{ZH: "经提示后仍只拍差价、运费或赠品链接。", EN: "Orders only the link for a price difference, freight or a gift, despite being told."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "BAD_ADDRESS",
		Name:       Text{ZH: "收货信息错误", EN: "Invalid delivery data"},
		Definition: Text{ZH: "收货地址不存在或含糊，或电话为空号。", EN: "The address does not exist or is vague, or the telephone is dead."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "EXTORTION_CLAIM",
		Name:       Text{ZH: "赔付风险", EN: "Extortionate claim"},
		Definition: Text{ZH: "无真实消费需求，以索取赔付牟利。", EN: "No real wish to buy: profits by extorting compensation."},
		Category:   CategoryClaim,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "COMPLAINT_ABUSE",
		Name:       Text{ZH: "恶意投诉", EN: "Complaint abuse"},
		Definition: Text{ZH: "以邮费、发票、缺货等投诉或撤诉为条件索取利益。", EN: "Trades complaints about postage, invoices or stock, or their withdrawal, for a benefit."},
		Category:   CategoryClaim,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "REVIEW_EXTORTION",
		Name:       Text{ZH: "差评要挟", EN: "Review extortion"},
		Definition: Text{ZH: "以差评要挟商家给予利益。", EN: "Uses a bad review to demand a benefit."},
		Category:   CategoryReview,
		Effect:     EffectFlagReview,
	},
	{
		Code:       "REVIEW_FALSE",
		Name:       Text{ZH: "虚假/广告/同行评价", EN: "False, advertising or rival review"},
		Definition: Text{ZH: "未收到货的评价、广告评价或同行恶意评价。", EN: "A review without having received the goods, an advertisement, or one of a competitor."},
		Category:   CategoryReview,
		Effect:     EffectFlagReview,
	},
}

// Scenarios returns the catalogue, in its fixed order.
func Scenarios() []Scenario { return slices.Clone(catalogue[:]) }

// FindScenario returns the scenario with a code.
func FindScenario(code ScenarioCode) (Scenario, bool) {
	for i := range catalogue {
		if catalogue[i].Code == code {
			return catalogue[i], true
		}
	}
	return Scenario{}, false
}
