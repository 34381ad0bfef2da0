package cloudtag

// ViolationKind is a kind of abuse for which a shop loses its permission (rule 13).
type ViolationKind string

// The kinds of abuse.
const (
	ViolationFalseReport     ViolationKind = "FALSE_REPORT"     // the event did not happen
	ViolationWrongScenario   ViolationKind = "WRONG_SCENARIO"   // deliberately
	ViolationLeakedToBuyer   ViolationKind = "LEAKED_TO_BUYER"  // disclosed the tag to the buyer
	ViolationThreatenedBuyer ViolationKind = "THREATENED_BUYER" // threatened the buyer with it
)

// ViolationKinds lists every kind of abuse.
func ViolationKinds() []ViolationKind {
	return []ViolationKind{ViolationFalseReport, ViolationWrongScenario, ViolationLeakedToBuyer, ViolationThreatenedBuyer}
}

func violationNames() map[ViolationKind]Text {
	return map[ViolationKind]Text{
		ViolationFalseReport:     {ZH: "虚假打标", EN: "it reported what did not happen"},
		ViolationWrongScenario:   {ZH: "故意选错场景", EN: "it chose a wrong scenario on purpose"},
		ViolationLeakedToBuyer:   {ZH: "向买家泄露标签", EN: "it disclosed a tag to the buyer"},
		ViolationThreatenedBuyer: {ZH: "以标签威胁买家", EN: "it threatened a buyer with a tag"},
	}
}
