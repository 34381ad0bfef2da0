package cloudtag

import "strings"

// signalNames are the names of the known signals of the platforms' risk services, and of the bundled demo. An unknown
// signal is named by its code.
var signalNames = map[string]Text{
	"ADDRESS_MISMATCH":       {ZH: "取件地址与收货地址不一致", EN: "Pickup and delivery addresses differ"},
	"BURST_ORDERS":           {ZH: "短时间内集中下单", EN: "Many orders within a short time"},
	"CLAIMS_IN_NEW_SHOPS":    {ZH: "索赔集中于新开店铺", EN: "Claims concentrated in newly opened shops"},
	"FAINT_PRAISE":           {ZH: "好评分数低", EN: "Faint praise"},
	"FEW_GOOD_TRADES":        {ZH: "良好交易少", EN: "Little history"},
	"FREQUENT_CLAIMS":        {ZH: "索赔频繁", EN: "Frequent claims"},
	"FREQUENT_RETURNS":       {ZH: "退货频繁", EN: "Frequent returns"},
	"IMMEDIATE_RETURN":       {ZH: "签收后立即退货", EN: "Returned at once after receipt"},
	"INVALID_CONTACT":        {ZH: "联系方式无效或地址模糊", EN: "Invalid contact or vague address"},
	"LOGISTICS_INCONSISTENT": {ZH: "物流信息与订单不符", EN: "Logistics inconsistent with the order"},
	"LOW_CREDIT":             {ZH: "信用分低", EN: "Low credit"},
	"NEW_ACCOUNT":            {ZH: "新注册账号", EN: "New account"},
	"ORDER_SPLITTING":        {ZH: "同一商品拆单购买", EN: "One item split over many orders"},
	"RETURN_BEFORE_RECEIPT":  {ZH: "退货早于签收", EN: "Returned before receipt"},
	"REUSED_TRACKING_NUMBER": {ZH: "运单号重复使用", EN: "Reused tracking number"},
	"SELF_SHIPPED_RETURNS":   {ZH: "多为自行寄回", EN: "Returns mostly shipped by the buyer"},
	"SHARED_DEVICE":          {ZH: "多账号共用设备、电话或地址", EN: "Device, phone or address shared between accounts"},
}

// signalUnits are the units of the values of signals that are not a plain number or share.
var signalUnits = map[string]Text{
	"ADDRESS_MISMATCH":       {ZH: "单", EN: "orders"},
	"BURST_ORDERS":           {ZH: "单", EN: "orders"},
	"CLAIMS_IN_NEW_SHOPS":    {ZH: "次", EN: "claims"},
	"FAINT_PRAISE":           {ZH: "分（满分 10）", EN: "of 10 points"},
	"FEW_GOOD_TRADES":        {ZH: "次", EN: "good trades"},
	"FREQUENT_CLAIMS":        {ZH: "次", EN: "claims"},
	"FREQUENT_RETURNS":       {ZH: "次", EN: "returns"},
	"IMMEDIATE_RETURN":       {ZH: "次", EN: "returns"},
	"NEW_ACCOUNT":            {ZH: "天", EN: "days"},
	"ORDER_SPLITTING":        {ZH: "单", EN: "orders"},
	"RETURN_BEFORE_RECEIPT":  {ZH: "次", EN: "returns"},
	"REUSED_TRACKING_NUMBER": {ZH: "次", EN: "times"},
	"SELF_SHIPPED_RETURNS":   {ZH: "次", EN: "returns"},
	"SHARED_DEVICE":          {ZH: "个账号", EN: "accounts"},
}

// Unit is the unit of the signal's value; ok is false if it is unknown.
func (s RiskSignal) Unit() (unit Text, ok bool) {
	unit, ok = signalUnits[s.Code]
	return unit, ok
}

// Label is the signal's display name. For an unknown code it is the code's words, untranslated.
func (s RiskSignal) Label() Text {
	if name, known := signalNames[s.Code]; known {
		return name
	}
	words := strings.ToLower(strings.ReplaceAll(s.Code, "_", " "))
	if words == "" {
		return Text{}
	}
	words = strings.ToUpper(words[:1]) + words[1:]
	return Text{ZH: words, EN: words}
}
