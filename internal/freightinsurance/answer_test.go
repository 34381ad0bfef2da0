package freightinsurance_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
)

// TestFreightInsuranceAnswers covers every row of rule 11.
func TestFreightInsuranceAnswers(t *testing.T) {
	tag := func(scenario ScenarioCode, status TagStatus) *Tag { return &Tag{Scenario: scenario, Status: status} }
	complaint := func(state freightinsurance.ComplaintState) *freightinsurance.Complaint {
		return &freightinsurance.Complaint{State: state}
	}
	freight := FreightInsuranceScenario
	tests := []struct {
		name      string
		tag       *Tag
		complaint *freightinsurance.Complaint
		answer    freightinsurance.Answer
		ground    freightinsurance.Ground
	}{
		{"no tag", nil, nil, freightinsurance.Pay, freightinsurance.GroundNoTag},
		{"a tag of another scenario", tag("RETURN_SWAPPED", TagSucceeded), nil, freightinsurance.Pay, freightinsurance.GroundNoTag},
		{"accumulating", tag(freight, TagAccumulating), nil, freightinsurance.Pay, freightinsurance.GroundNotConfirmed},
		{"expired", tag(freight, TagExpired), nil, freightinsurance.Pay, freightinsurance.GroundNotConfirmed},
		{"rejected", tag(freight, TagRejected), nil, freightinsurance.Pay, freightinsurance.GroundNotConfirmed},
		{"voided", tag(freight, TagVoided), nil, freightinsurance.Pay, freightinsurance.GroundNotConfirmed},
		{"overturned", tag(freight, TagOverturned), nil, freightinsurance.Pay, freightinsurance.GroundOverturned},
		{"succeeded", tag(freight, TagSucceeded), nil, freightinsurance.Refuse, freightinsurance.GroundConfirmed},
		{"complaint open", tag(freight, TagSucceeded), complaint(freightinsurance.ComplaintOpen), freightinsurance.AwaitComplaint, freightinsurance.GroundComplaintOpen},
		{"an unknown outcome of a complaint", tag(freight, TagSucceeded), complaint("consumer_upheld"), freightinsurance.AwaitComplaint, freightinsurance.GroundComplaintOpen},
		{"consumer upheld", tag(freight, TagSucceeded), complaint(freightinsurance.ComplaintConsumerUpheld), freightinsurance.Pay, freightinsurance.GroundConsumerUpheld},
		{"merchant upheld", tag(freight, TagSucceeded), complaint(freightinsurance.ComplaintMerchantUpheld), freightinsurance.Refuse, freightinsurance.GroundMerchantUpheld},
		{"complaint withdrawn", tag(freight, TagSucceeded), complaint(freightinsurance.ComplaintWithdrawn), freightinsurance.Refuse, freightinsurance.GroundComplaintClosed},
		{"overturned after a complaint", tag(freight, TagOverturned), complaint(freightinsurance.ComplaintMerchantUpheld), freightinsurance.Pay, freightinsurance.GroundOverturned},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer, ground := freightinsurance.AnswerFor(test.tag, test.complaint)
			if answer != test.answer || ground != test.ground {
				t.Errorf("%s on %s, want %s on %s", answer, ground, test.answer, test.ground)
			}
			if text := ground.Text(); text.ZH == "" || text.EN == "" {
				t.Error("the ground has no words")
			}
		})
	}
}
