module cloudtag

go 1.26
