package sqlite

import "cloudtag/internal/cloudtag"

func errNotFound() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeNotFound, cloudtag.Text{
		ZH: "没有这条记录，或您无权查看。", EN: "There is no such record, or you may not see it.",
	})
}
