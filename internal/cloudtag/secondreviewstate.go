package cloudtag

// SecondReviewState is where a second review stands.
type SecondReviewState string

// The states of a second review.
const (
	SecondReviewOpen      SecondReviewState = "OPEN"
	SecondReviewAgreed    SecondReviewState = "AGREED"
	SecondReviewDisagreed SecondReviewState = "DISAGREED"
	SecondReviewDropped   SecondReviewState = "DROPPED" // the decision was taken back before anybody looked
)

// SecondReviewStates lists every state.
func SecondReviewStates() []SecondReviewState {
	return []SecondReviewState{SecondReviewOpen, SecondReviewAgreed, SecondReviewDisagreed, SecondReviewDropped}
}
