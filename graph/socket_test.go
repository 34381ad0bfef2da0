package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

func TestSocketSignIn(t *testing.T) {
	s := graphtest.New(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	old := s.Token(cloudtag.Caller{Subject: "x"}, -time.Minute)
	for name, test := range map[string]struct {
		header  http.Header
		message string
		code    int // 0: acknowledged
	}{
		"authorization":            {nil, `{"type":"connection_init","payload":{"authorization":"` + shop + `"}}`, 0},
		"capital letter":           {nil, `{"type":"connection_init","payload":{"Authorization":"` + shop + `"}}`, 0},
		"by the upgrade's header":  {http.Header{"Authorization": {shop}}, `{"type":"connection_init"}`, 0},
		"header, null payload":     {http.Header{"Authorization": {shop}}, `{"type":"connection_init","payload":null}`, 0},
		"bad token":                {nil, `{"type":"connection_init","payload":{"authorization":"Bearer nope"}}`, 4403},
		"bad token beside header":  {http.Header{"Authorization": {shop}}, `{"type":"connection_init","payload":{"authorization":"Bearer nope"}}`, 4403},
		"expired token":            {nil, `{"type":"connection_init","payload":{"authorization":"` + old + `"}}`, 4403},
		"none":                     {nil, `{"type":"connection_init"}`, 4401},
		"empty payload":            {nil, `{"type":"connection_init","payload":{}}`, 4401},
		"authorization no text":    {nil, `{"type":"connection_init","payload":{"authorization":{"a":1}}}`, 4401},
		"payload of a text":        {nil, `{"type":"connection_init","payload":"` + shop + `"}`, 4400},
		"payload of a list":        {nil, `{"type":"connection_init","payload":[1]}`, 4400},
		"payload of a number":      {nil, `{"type":"connection_init","payload":7}`, 4400},
		"payload of false":         {nil, `{"type":"connection_init","payload":false}`, 4400},
		"subscribe first":          {nil, `{"type":"subscribe","id":"1","payload":{"query":"{ viewer { id } }"}}`, 4401},
		"no JSON":                  {nil, `hello`, 4400},
		"no object":                {nil, `[]`, 4400},
		"unknown type":             {nil, `{"type":"hello"}`, 4400},
		"legacy start":             {nil, `{"type":"start","id":"1"}`, 4400},
		"NUL in the authorization": {nil, `{"type":"connection_init","payload":{"authorization":"Bearer \u0000"}}`, 4403},
	} {
		t.Run(name, func(t *testing.T) {
			socket := s.Dial(test.header)
			socket.SendText(test.message)
			if test.code == 0 {
				if message := socket.Read(); message.Type != "connection_ack" {
					t.Errorf("%+v, want connection_ack", message)
				}
				return
			}
			if code, reason := socket.Closed(); code != test.code || strings.Contains(reason, "Bearer") {
				t.Errorf("closed with %d %q, want %d", code, reason, test.code)
			}
		})
	}
}

// What the function that authenticates returns with its error is no concern of the socket.
func TestSocketWithoutAuthenticate(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Authenticate = nil })
	socket := s.Dial(nil)
	socket.Init(map[string]any{"authorization": "Bearer x"})
	if code, _ := socket.Closed(); code != 4403 {
		t.Errorf("closed with %d, want 4403", code)
	}
}

func TestSocketOrigins(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.AllowedOrigins = []string{"https://console.example.com", "https://*.example.org", "*"}
	})
	own := strings.Replace(s.Server.URL, "http://", "https://", 1)
	for origin, allowed := range map[string]bool{
		"": true, s.Server.URL: true, own: true, "https://console.example.com": true,
		"http://console.example.com": false, "https://console.example.com.evil.com": false, "https://evil.com": false,
		"https://a.example.org": false, "null": false, "https://xconsole.example.com": false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		_, status, err := s.TryDial(header, "graphql-transport-ws")
		if (err == nil) != allowed {
			t.Errorf("origin %q: %v, allowed should be %t", origin, err, allowed)
		}
		if !allowed && status != http.StatusForbidden {
			t.Errorf("origin %q: status %d", origin, status)
		}
	}
	for _, protocols := range [][]string{{}, {"graphql-ws"}, {"other"}} {
		_, status, err := s.TryDial(nil, protocols...)
		if err == nil || status != http.StatusBadRequest {
			t.Errorf("subprotocols %v: %v", protocols, err)
		}
	}
}

func TestSocketInitTimeout(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.InitTimeout = 50 * time.Millisecond
	})
	socket := s.Dial(nil)
	if code, _ := socket.Closed(); code != 4408 {
		t.Errorf("closed with %d, want 4408", code)
	}
}

func TestSocketProtocol(t *testing.T) {
	s := graphtest.New(t)
	shop := s.As(cloudtag.RoleMerchant, "a")
	follow := `{"type":"subscribe","id":"1","payload":{"query":"subscription { tagStatusChanged { cursor } }"}}`
	for name, test := range map[string]struct {
		messages []string
		code     int
	}{
		"second init":          {[]string{`{"type":"connection_init"}`}, 4429},
		"identifier twice":     {[]string{follow, follow}, 4409},
		"no identifier":        {[]string{`{"type":"subscribe","payload":{"query":"{ viewer { id } }"}}`}, 4400},
		"identifier no text":   {[]string{`{"type":"subscribe","id":1,"payload":{"query":"{ viewer { id } }"}}`}, 4400},
		"no payload":           {[]string{`{"type":"subscribe","id":"1"}`}, 4400},
		"payload no object":    {[]string{`{"type":"subscribe","id":"1","payload":[]}`}, 4400},
		"query no text":        {[]string{`{"type":"subscribe","id":"1","payload":{"query":1}}`}, 4400},
		"variables no object":  {[]string{`{"type":"subscribe","id":"1","payload":{"query":"{ viewer { id } }","variables":[]}}`}, 4400},
		"type in another case": {[]string{`{"Type":"ping"}`}, 4400},
		"type twice":           {[]string{`{"type":"ping","type":"pong"}`}, 4400},
		"query twice":          {[]string{`{"type":"subscribe","id":"1","payload":{"query":"{ viewer { id } }","query":"{ viewer { id } }"}}`}, 4400},
		"complete of nobody's": {[]string{`{"type":"complete"}`}, 4400},
		"terminate":            {[]string{`{"type":"connection_terminate"}`}, 4400},
	} {
		t.Run(name, func(t *testing.T) {
			socket := s.Connect(shop)
			for _, message := range test.messages {
				socket.SendText(message)
			}
			if code, reason := socket.Closed(); code != test.code {
				t.Errorf("closed with %d %q, want %d", code, reason, test.code)
			}
		})
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "readers of closed sockets are left")
}

// eventually waits for what another goroutine is about to do.
func eventually(t *testing.T, done func() bool, otherwise string) {
	t.Helper()
	looks, patience := time.NewTicker(2*time.Millisecond), time.After(20*time.Second)
	defer looks.Stop()
	for !done() {
		select {
		case <-looks.C:
		case <-patience:
			t.Error(otherwise)
			return
		}
	}
}

func TestSocketPing(t *testing.T) {
	s := graphtest.New(t)
	socket := s.Dial(nil)
	socket.SendText(`{"type":"ping"}`)
	if message := socket.Read(); message.Type != "pong" {
		t.Errorf("%+v before connection_init, want pong", message)
	}
	socket.SendText(`{"type":"pong"}`)
	socket.Init(map[string]any{"authorization": s.As(cloudtag.RoleAdmin)})
	socket.Read()
	socket.SendText(`{"type":"ping","payload":{"x":1}}`)
	if message := socket.Read(); message.Type != "pong" || string(message.Payload) != `{"x":1}` {
		t.Errorf("%+v, want pong with the payload", message)
	}
}

// A client that answers no ping is cut off, and nothing of it is left.
func TestSocketWithoutPong(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.PingInterval = 30 * time.Millisecond })
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", `subscription { caseChanged { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader of the subscription")
	eventually(t, func() bool { return s.Readers() == 0 }, "a socket that answers no ping is not cut off")
}

// Queries and mutations run on sockets too; refusals are answers, and the socket stays.
func TestSocketOperations(t *testing.T) {
	s := graphtest.New(t)
	socket := s.Connect(s.As(cloudtag.RoleMerchant, "a"))
	for i, test := range []struct{ query, want string }{
		{`{ viewer { id } }`, `{"data":{"viewer":{"id":"test:MERCHANT"}}}`},
		{`{ policy { version } }`, `FORBIDDEN`},
		{`{ nothing }`, `BAD_USER_INPUT`},
		{`subscription { caseChanged { cursor } }`, `FORBIDDEN`},
		{`subscription { tagStatusChanged(filter: {merchantId: "b"}) { cursor } }`, `FORBIDDEN`},
		{`subscription { tagStatusChanged(after: "rubbish") { cursor } }`, `BAD_USER_INPUT`},
		{`subscription { tagStatusChanged(after: "` + s.LogCursor(s.As(cloudtag.RoleMerchant, "a"), 1000) + `") { cursor } }`, `RESYNC`},
		{`subscription { tagStatusChanged { cursor } caseChanged { cursor } }`, `BAD_USER_INPUT`},
		{`{ viewer { id } }`, `{"data":{"viewer":{"id":"test:MERCHANT"}}}`},
	} {
		id := fmt.Sprintf("op %d ❤", i)
		socket.Subscribe(id, test.query, nil)
		message := socket.Read()
		if message.ID != id || !strings.Contains(string(message.Payload), test.want) {
			t.Errorf("%s: %s %q %s, want %s", test.query, message.Type, message.ID, message.Payload, test.want)
		}
		if message.Type != "error" {
			if end := socket.Read(); end.ID != id || end.Type != "complete" {
				t.Errorf("%s ends with %+v, want complete", test.query, end)
			}
			continue
		}
		var list []graphtest.Error
		if err := json.Unmarshal(message.Payload, &list); err != nil || len(list) == 0 || list[0].Extensions["requestId"] == nil {
			t.Errorf("%s: payload %s", test.query, message.Payload)
		}
		// An error is the end by itself: the next thing to come is the next operation's.
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "refused subscriptions left readers")
}

func TestSubscriptionsPerSocket(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.Subscriptions = 3 })
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	const query = `subscription { caseChanged { cursor } }`
	for i := range 3 {
		socket.Subscribe(fmt.Sprint(i), query, nil)
	}
	eventually(t, func() bool { return s.Readers() == 3 }, "no three readers")
	socket.Subscribe("3", query, nil)
	if answer := socket.Read(); answer.ID != "3" || !reflect.DeepEqual(answer.Answer(s).Codes(), []string{"LIMIT_EXCEEDED"}) {
		t.Fatalf("%+v, want LIMIT_EXCEEDED", answer)
	}
	if end := socket.Read(); end.Type != "complete" || end.ID != "3" {
		t.Fatalf("%+v, want one refusal and the end", end)
	}
	socket.Complete("1")
	eventually(t, func() bool { return s.Readers() == 2 }, "a completed subscription stays")
	socket.Subscribe("1", query, nil)
	eventually(t, func() bool { return s.Readers() == 3 }, "the place of a completed subscription stays taken")
	other := s.Connect(s.As(cloudtag.RoleAdmin))
	other.Subscribe("1", query, nil)
	eventually(t, func() bool { return s.Readers() == 4 }, "another socket is refused")
}

// An identifier may be used again at once: what comes under it is of the new operation, which can be completed.
func TestIdentifiersAreUsedAgain(t *testing.T) {
	s := graphtest.New(t)
	s.Import([]cloudtag.MerchantID{"a"}, s.Order("1", "a", "x"))
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	// Fewer than may run at once: a completed one counts until it has let go of everything.
	for range 15 {
		socket.Subscribe("same", `subscription { caseChanged { cursor } }`, nil)
		socket.Complete("same")
	}
	socket.Subscribe("same", `{ viewer { id } }`, nil)
	for _, want := range []string{"next", "complete"} {
		if message := socket.Read(); message.Type != want || message.ID != "same" {
			t.Fatalf("%+v, want %s", message, want)
		}
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "completed subscriptions left readers")
	socket.Subscribe("same", `subscription { caseChanged { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	socket.Complete("same")
	eventually(t, func() bool { return s.Readers() == 0 }, "the last one can't be completed")
}

// When the token expires the socket is closed, and nothing is completed: graphql-ws would take that for the end, and does
// not connect again with a new token.
func TestSocketExpiry(t *testing.T) {
	s := graphtest.New(t)
	socket := s.Connect(s.Token(cloudtag.Caller{Subject: "x", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, 400*time.Millisecond))
	socket.Subscribe("1", `subscription { caseChanged { cursor } }`, nil)
	socket.Subscribe("2", `subscription { queueStats { pending } }`, nil)
	if message := socket.Read(); message.Type != "next" || message.ID != "2" {
		t.Fatalf("%+v", message)
	}
	if messages, code, reason := socket.Rest(); len(messages) > 0 || code != 4403 || reason != "The session has expired" {
		t.Errorf("%v, then closed with %d %q, want 4403 and nothing before", messages, code, reason)
	}
	eventually(t, func() bool { return s.Readers() == 0 && s.Revoked.Watches() == 0 }, "something of a closed socket is left")
}

// An operation after the session's end is refused even before the timer has closed the socket.
func TestSocketWhoseSessionIsOver(t *testing.T) {
	s := graphtest.New(t)
	for _, query := range []string{`{ viewer { id } }`, `subscription { caseChanged { cursor } }`} {
		socket := s.Connect(s.Token(cloudtag.Caller{Subject: "x", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, time.Hour))
		s.Clock.Advance(time.Hour)
		socket.Subscribe("1", query, nil)
		if messages, code, reason := socket.Rest(); len(messages) > 0 || code != 4403 || reason != "The session has expired" {
			t.Errorf("%s: %v, then closed with %d %q, want 4403 and nothing before", query, messages, code, reason)
		}
	}
}

// revoke calls tokens back as an administrator does.
func revoke(t *testing.T, s *graphtest.Stack, input string) {
	t.Helper()
	answer := s.Do(s.As(cloudtag.RoleAdmin), `mutation { revokeTokens(input: {`+input+`, reason: "lost"}) { revocation { id } userErrors { code } } }`, nil)
	if len(answer.Errors) > 0 || !strings.Contains(answer.Raw, `"revocation":{"id"`) {
		t.Fatal(answer.Raw)
	}
}

// When a token is revoked its socket is closed at once; other sockets stay open.
func TestSocketRevocation(t *testing.T) {
	s := graphtest.New(t)
	person := func(name string) string {
		return s.Token(cloudtag.Caller{Subject: name, Roles: []cloudtag.Role{cloudtag.RoleAdmin}}, time.Hour)
	}
	one, other, bystander := person("li"), person("wang"), person("zhao")
	for authorization, input := range map[string]string{
		one:   `tokenId: "` + strings.TrimPrefix(one, "Bearer ") + `"`,
		other: `subject: "wang"`,
	} {
		socket, untouched := s.Connect(authorization), s.Connect(bystander)
		for i, subscription := range []string{`caseChanged { cursor }`, `queueStats { pending }`} {
			socket.Subscribe(fmt.Sprint(i), `subscription { `+subscription+` }`, nil)
		}
		if message := socket.Read(); message.Type != "next" { // the numbers of the queue, at once
			t.Fatalf("%+v", message)
		}
		eventually(t, func() bool { return s.Readers() == 2 }, "no readers")
		revoke(t, s, input)
		if messages, code, reason := socket.Rest(); len(messages) > 0 || code != 4403 || reason != "The session was revoked" {
			t.Errorf("%v, then closed with %d %q, want 4403 and nothing before", messages, code, reason)
		}
		if codes := s.Do(authorization, `{ viewer { id } }`, nil).Codes(); !reflect.DeepEqual(codes, []string{"UNAUTHENTICATED"}) {
			t.Errorf("%s: %v", input, codes)
		}
		again := s.Dial(nil)
		again.Init(map[string]any{"authorization": authorization})
		if code, _ := again.Closed(); code != 4403 {
			t.Errorf("connected again: closed with %d", code)
		}
		untouched.Subscribe("1", `{ viewer { id } }`, nil)
		if message := untouched.Read(); message.Type != "next" || len(message.Answer(s).Errors) > 0 {
			t.Errorf("somebody else got %s %s", message.Type, message.Payload)
		}
		untouched.Read() // complete
		untouched.SendText("bye")
		untouched.Closed()
	}
	eventually(t, func() bool { return s.Readers() == 0 && s.Revoked.Watches() == 0 }, "something of closed sockets is left")
}

// A sign-in that can't be checked is no refusal: clients connect again.
func TestSocketWhoseSignInCannotBeChecked(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Authenticate = func(context.Context, string) (context.Context, error) {
			return nil, cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{ZH: "稍后", EN: "later"})
		}
	})
	socket := s.Dial(nil)
	socket.Init(map[string]any{"authorization": "Bearer x"})
	if code, _ := socket.Closed(); code != 1013 {
		t.Errorf("closed with %d, want 1013", code)
	}
}

// A message that is too long ends the socket with the code for it.
func TestSocketMessageSize(t *testing.T) {
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.MessageBytes = 1000 })
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", `{ viewer { id } }`+strings.Repeat(" ", 1000), nil)
	if code, _ := socket.Closed(); code != 1009 {
		t.Errorf("closed with %d, want 1009", code)
	}
}

// A client that stops reading is disconnected after the write timeout; other clients are not blocked.
func TestSocketThatNeverReads(t *testing.T) {
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.WriteTimeout = 300 * time.Millisecond
		config.Limits.PingInterval = time.Hour
	})
	deaf := s.Connect(s.As(cloudtag.RoleAdmin))
	var fields strings.Builder
	for i := range 50 {
		fmt.Fprintf(&fields, " r%d: reason", i)
	}
	for i := range 20 {
		deaf.Subscribe(fmt.Sprint(i), `subscription { tagStatusChanged { tag {`+fields.String()+` } } }`, nil)
	}
	eventually(t, func() bool { return s.Readers() == 20 }, "no readers")
	for _, shop := range []cloudtag.MerchantID{"a", "b", "c", "d", "e"} {
		for i := range 10 {
			tag(s, shop, i)
		}
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "a client that never reads is not cut off")
}

// A server that stops says so, and says it before the connection is gone.
func TestSocketWhenTheServerStops(t *testing.T) {
	s := graphtest.New(t)
	socket := s.Connect(s.As(cloudtag.RoleAdmin))
	socket.Subscribe("1", `subscription { caseChanged { cursor } }`, nil)
	eventually(t, func() bool { return s.Readers() == 1 }, "no reader")
	s.Stop()
	if messages, code, _ := socket.Rest(); len(messages) > 0 || code != 1001 {
		t.Errorf("%v, then closed with %d, want 1001 and nothing before", messages, code)
	}
	eventually(t, func() bool { return s.Readers() == 0 }, "a reader is left")
}
