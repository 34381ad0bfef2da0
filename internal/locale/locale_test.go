package locale

import (
	"context"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

func TestParse(t *testing.T) {
	for header, want := range map[string]cloudtag.Language{
		"":                             cloudtag.Chinese,
		"en":                           cloudtag.English,
		"en-GB,en;q=0.8":               cloudtag.English,
		"zh-CN,zh;q=0.9,en;q=0.8":      cloudtag.Chinese,
		"zh-TW":                        cloudtag.Chinese,
		"fr;q=0.9,en;q=0.5":            cloudtag.English,
		"en;q=0.2,zh;q=0.9":            cloudtag.Chinese,
		"fr":                           cloudtag.Chinese,
		";;;q=x":                       cloudtag.Chinese,
		"*":                            cloudtag.Chinese,
		strings.Repeat("en-GB,", 1000): cloudtag.Chinese,
	} {
		if got := Parse(header); got != want {
			t.Errorf("Parse(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func TestContext(t *testing.T) {
	ctx := context.Background()
	if got := From(ctx); got != cloudtag.Chinese {
		t.Errorf("language of an empty context = %s, want Chinese", got)
	}
	if got := From(With(ctx, cloudtag.English)); got != cloudtag.English {
		t.Errorf("language = %s, want the one set", got)
	}
}
