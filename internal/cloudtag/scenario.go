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

// ScenarioEffect is the effect of a success on other services of the platform. None restricts an account (rule 12).
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
	NotMeant   Text // what is often mistaken for it
	Example    Text
	Category   ScenarioCategory
	Effect     ScenarioEffect
}

// FreightInsuranceScenario is the scenario whose successful tags cause payouts to be refused (rule 11).
const FreightInsuranceScenario = ScenarioCode("FREIGHT_INSURANCE_ARBITRAGE")

// catalogue is the kinds of abuse known from the marketplaces' own tools, with the effect of a success. Codes never change:
// tags refer to them.
var catalogue = [...]Scenario{
	{
		Code:       FreightInsuranceScenario,
		Name:       Text{ZH: "运费险套利", EN: "Freight insurance arbitrage"},
		Definition: Text{ZH: "以获取运费险赔付或赔付差价为目的的退货。", EN: "Returns made to gain the freight insurance payout or its difference to the real cost."},
		NotMeant:   Text{ZH: "偶尔一次不喜欢、不合适的正常退货。", EN: "An ordinary return now and then of what was not liked or did not fit."},
		Example:    Text{ZH: "买家一个月退回 9 单，退货运费均约 4 元，每单获运费险赔付 12 元。", EN: "A buyer returns nine orders in a month; each return costs about 4 yuan and brings a payout of 12."},
		Category:   CategoryReturn,
		Effect:     EffectRefuseFreightInsurance,
	},
	{
		Code:       "RETURN_EMPTY_OR_SHORT",
		Name:       Text{ZH: "退货空包/少件", EN: "Empty or short return"},
		Definition: Text{ZH: "退回的商品数量少于发货数量，包括退回空包裹。", EN: "The returned quantity is below the shipped one, an empty parcel included."},
		NotMeant:   Text{ZH: "商家自己少发、物流途中丢件，或买家说明的部分退货。", EN: "The shop shipped too few, the carrier lost a parcel, or a partial return that was agreed on."},
		Example:    Text{ZH: "发出 3 件，退货包裹称重并拆包录像显示只有 1 件。", EN: "Three items were shipped; the return, weighed and filmed while it was opened, holds one."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "RETURN_SWAPPED",
		Name:       Text{ZH: "退货调包", EN: "Swapped return"},
		Definition: Text{ZH: "退回的商品不是商家发出的商品。", EN: "The returned item is not the one that was shipped."},
		NotMeant:   Text{ZH: "商家发错货后买家退回错发的商品。", EN: "The buyer returns what the shop had sent by mistake."},
		Example:    Text{ZH: "发出新手机，退回同款旧机，串号不一致。", EN: "A new telephone was shipped; an old one of the same model with another serial number came back."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "RETURN_FALSE_LOGISTICS",
		Name:       Text{ZH: "退货物流信息异常", EN: "False return logistics"},
		Definition: Text{ZH: "退货运单号错误、重复使用或无法查询，或退货地址错误。", EN: "The return's tracking number is wrong, reused or untraceable, or its address is wrong."},
		NotMeant:   Text{ZH: "物流延迟更新、买家填错一位后主动更正。", EN: "The carrier is late with its tracking, or a mistyped digit that the buyer corrects."},
		Example:    Text{ZH: "退货单号查询为他人订单的包裹，签收地址不是退货仓。", EN: "The return's tracking number is of somebody else's parcel, delivered to another place than the shop's."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REFUND_NOT_RETURNED",
		Name:       Text{ZH: "闪退后拒绝退回", EN: "Instant refund, goods kept"},
		Definition: Text{ZH: "享受闪电退款后拒绝退回商品。", EN: "Takes the instant refund and does not send the goods back."},
		NotMeant:   Text{ZH: "买家已寄出、仍在退货时限内，或商家同意不退货。", EN: "The goods are on their way or still in time, or the shop agreed that they need not come back."},
		Example:    Text{ZH: "闪电退款到账 15 天，多次提醒后买家明确拒绝退回。", EN: "Fifteen days after the instant refund, and several reminders, the buyer refuses to send the goods back."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REMOTE_RETURN",
		Name:       Text{ZH: "异地退货套利", EN: "Remote-address return"},
		Definition: Text{ZH: "取件地址与收货地址不一致，疑似套取运费。", EN: "The pickup address differs from the delivery address, and freight is presumably gained by it."},
		NotMeant:   Text{ZH: "买家出差、搬家或替他人购买而异地退货。", EN: "The buyer travels, has moved, or bought for somebody else."},
		Example:    Text{ZH: "同一账号 5 单均在 1,500 公里外的同一地址取件，收货地址各不相同。", EN: "Five orders of one account are all picked up at one address 1,500 km from their different delivery addresses."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "BULK_SCALPER_RETURN",
		Name:       Text{ZH: "黄牛批量售后退货", EN: "Bulk scalper returns"},
		Definition: Text{ZH: "同一人或同一团伙（按电话、收货人或地址识别）批量退货。", EN: "Bulk returns by one person or group, known by telephone, consignee or address."},
		NotMeant:   Text{ZH: "公司采购后因质量问题整批退货。", EN: "A company returns a batch because of its quality."},
		Example:    Text{ZH: "同一手机号的 12 个收货人，活动结束次日全部申请退货。", EN: "Twelve consignees with one telephone number all ask for returns on the day after a promotion."},
		Category:   CategoryReturn,
		Effect:     EffectExcludeFromMetrics,
	},
	{
		Code:       "REFUND_ONLY_RECEIVED",
		Name:       Text{ZH: "已收到货仅退款", EN: "Refund-only after receipt"},
		Definition: Text{ZH: "已收到商品却以未收到货为由申请仅退款。", EN: "Received the goods and claims a refund for not having received them."},
		NotMeant:   Text{ZH: "物流显示签收但买家确实未收到。", EN: "The carrier says delivered, and the buyer has in fact not received it."},
		Example:    Text{ZH: "买家签收并晒单后，以未收到货申请仅退款。", EN: "The buyer signs for the parcel, posts a picture of the goods, and claims not to have received them."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "RETURN_NOT_INTACT",
		Name:       Text{ZH: "退货不符合商品完好", EN: "Return not intact"},
		Definition: Text{ZH: "频繁以七天无理由退回不符合商品完好要求的商品。", EN: "Frequent seven-day no-reason returns of goods that are not intact."},
		NotMeant:   Text{ZH: "拆封试穿、合理检查后的正常退货。", EN: "A return after unpacking and trying on, as is reasonable."},
		Example:    Text{ZH: "买家多次退回吊牌剪掉、有明显穿着痕迹的衣服。", EN: "The buyer keeps returning clothes with cut tags and clear signs of wear."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "REUSED_EVIDENCE",
		Name:       Text{ZH: "同凭证反复举证", EN: "Reused evidence"},
		Definition: Text{ZH: "在多个售后中反复使用同一张或伪造的图片作为凭证。", EN: "Uses the same or a forged picture as evidence again and again."},
		NotMeant:   Text{ZH: "同一问题在同一订单中补充提交图片。", EN: "The same picture given again for the same order."},
		Example:    Text{ZH: "同一张破损图片出现在 4 个不同订单的售后中。", EN: "One picture of damage turns up in the claims of four orders."},
		Category:   CategoryReturn,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "STOCK_HOLDING",
		Name:       Text{ZH: "占库存", EN: "Stock holding"},
		Definition: Text{ZH: "大量拍下不付款，占用库存。", EN: "Bulk orders that are not paid and occupy the stock."},
		NotMeant:   Text{ZH: "买家忘记付款或因支付故障取消。", EN: "The buyer forgot to pay, or the payment failed."},
		Example:    Text{ZH: "大促前一小时拍下 80 件均不付款，超时后再次拍下。", EN: "Eighty items are ordered an hour before a sale, not paid, and ordered again when time is up."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "PROMO_ARBITRAGE",
		Name:       Text{ZH: "套利", EN: "Promotion arbitrage"},
		Definition: Text{ZH: "以不正当方式获取低价、优惠券或运费利益。", EN: "Obtains low prices, coupons or freight improperly."},
		NotMeant:   Text{ZH: "按活动规则正常使用优惠券。", EN: "Coupons used as the promotion allows."},
		Example:    Text{ZH: "用 20 个小号领取新人券，寄往同一地址。", EN: "Twenty accounts take the newcomers' coupon and have everything sent to one address."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "SCALPING",
		Name:       Text{ZH: "黄牛批量下单", EN: "Scalping"},
		Definition: Text{ZH: "黄牛或经销商批量下单紧俏商品。", EN: "Bulk orders of scarce goods by scalpers or dealers."},
		NotMeant:   Text{ZH: "企业或学校的正常大宗采购。", EN: "An ordinary bulk purchase of a company or school."},
		Example:    Text{ZH: "限购商品由多个账号同时下单，收货电话相同。", EN: "Many accounts order a rationed item at once, with one telephone number."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "SURCHARGE_ONLY",
		Name:       Text{ZH: "差价运费单拍", EN: "Surcharge-link only"},
		Definition: Text{ZH: "经提示后仍只拍差价、运费或赠品链接。", EN: "Orders only the link for a price difference, freight or a gift, despite a reminder."},
		NotMeant:   Text{ZH: "买家误拍后经提醒取消。", EN: "A mistake that the buyer cancels when reminded."},
		Example:    Text{ZH: "提醒 3 次后仍反复单拍 1 元邮费链接并要求发货。", EN: "After three reminders the buyer still orders the 1 yuan postage link and demands the goods."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "BAD_ADDRESS",
		Name:       Text{ZH: "收货信息错误", EN: "Invalid delivery data"},
		Definition: Text{ZH: "收货地址不存在或含糊，或电话为空号。", EN: "The address does not exist or is vague, or the telephone is dead."},
		NotMeant:   Text{ZH: "新小区地图未收录，或买家及时更正。", EN: "A new street that maps do not know, or an address that is corrected in time."},
		Example:    Text{ZH: "地址写“某某路”，电话为空号，包裹多次退回。", EN: "The address is just the name of a road, the telephone is dead, and parcels keep coming back."},
		Category:   CategoryOrder,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "EXTORTION_CLAIM",
		Name:       Text{ZH: "赔付风险", EN: "Extortionate claim"},
		Definition: Text{ZH: "无真实消费需求，以索取赔付牟利。", EN: "No real wish to buy: profits by extorting compensation."},
		NotMeant:   Text{ZH: "商品确有问题，买家依法索赔。", EN: "The goods are at fault, and the buyer claims what the law gives."},
		Example:    Text{ZH: "批量购买同一临期商品后，逐单要求十倍赔偿。", EN: "Buys one item near its date again and again, and demands ten times the price for each."},
		Category:   CategoryClaim,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "COMPLAINT_ABUSE",
		Name:       Text{ZH: "恶意投诉", EN: "Complaint abuse"},
		Definition: Text{ZH: "以邮费、发票、缺货等投诉或撤诉为条件索取利益。", EN: "Trades complaints about postage, invoices or stock, or their withdrawal, for a benefit."},
		NotMeant:   Text{ZH: "买家对真实问题投诉。", EN: "A complaint about a real fault."},
		Example:    Text{ZH: "买家留言“给 50 元就撤诉”，商家补发票后仍要求付款。", EN: "“Fifty yuan and I withdraw it,” writes the buyer, and still demands it when the invoice is there."},
		Category:   CategoryClaim,
		Effect:     EffectLabelOnly,
	},
	{
		Code:       "REVIEW_EXTORTION",
		Name:       Text{ZH: "差评要挟", EN: "Review extortion"},
		Definition: Text{ZH: "以差评要挟商家给予利益。", EN: "Uses a bad review to demand a benefit."},
		NotMeant:   Text{ZH: "买家如实写差评，或先沟通售后再评价。", EN: "An honest bad review, or talk of a refund before a review."},
		Example:    Text{ZH: "买家发来“不退 100 元就给一星”。", EN: "“One star unless you pay back 100 yuan,” writes the buyer."},
		Category:   CategoryReview,
		Effect:     EffectFlagReview,
	},
	{
		Code:       "REVIEW_FALSE",
		Name:       Text{ZH: "虚假/广告/同行评价", EN: "False, advertising or rival review"},
		Definition: Text{ZH: "未收到货的评价、广告评价或同行恶意评价。", EN: "A review without having received the goods, an advertisement, or one of a competitor."},
		NotMeant:   Text{ZH: "买家真实使用后的负面评价。", EN: "A bad review after real use."},
		Example:    Text{ZH: "未发货订单出现带他店二维码的评价。", EN: "An order that was not shipped yet gets a review with the QR code of another shop."},
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
