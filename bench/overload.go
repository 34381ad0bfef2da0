package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// overloadOptions are the command line of `bench overload`: what becomes of answers when far more is asked than can be
// answered, with and without shedding.
type overloadOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Tags    int           `default:"20000" help:"Tags in the store."`
	Times   float64       `default:"10" help:"How much more is asked than the server answered when eight clients asked in turn."`
	For     time.Duration `default:"10s" help:"How long each measurement takes."`
	Clients int           `default:"4000" help:"Requests that may be under way at once; what comes beyond is lost, as by a balancer that is full."`
}

// heavyDocument is a page that costs the server some milliseconds, and the client little.
const heavyDocument = `{ cases(first: 50) { nodes { id state votes: explanation { count threshold text votes { entityId tags } }
  buyer { id risk { score level } exposure { orders merchants } } tags(first: 5) { nodes { orderNo status } } } } }`

// Run measures and prints.
func (o overloadOptions) Run(ctx context.Context) error {
	dir, remove, err := folder("")
	if err != nil {
		return err
	}
	defer remove()
	uri := "sqlite:" + filepath.Join(dir, "overload.db")
	now := cloudtag.SystemClock{}.Now()
	data := newDataset(o.Tags, now.AddDate(0, 0, -175))
	if err := fill(ctx, uri, data, spreadOver(data, 170, now)); err != nil {
		return err
	}
	results := newReport(storeName(uri))
	for _, run := range []struct {
		name string
		args []string
	}{{"without shedding", []string{"--limit-running-per-cpu", "0"}}, {"with shedding", nil}} {
		if err := o.measure(ctx, uri, run.name, run.args, results); err != nil {
			return err
		}
	}
	return results.print(os.Stdout)
}

// measure finds the server's pace, then asks for several times as much, whatever becomes of it.
func (o overloadOptions) measure(ctx context.Context, uri, name string, args []string, results *report) error {
	server, err := startServer(ctx, o.Binary, uri, args...)
	if err != nil {
		return err
	}
	defer server.stop()
	reviewer, err := newSigner().sign(cloudtag.Caller{Subject: "reviewer", Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
	if err != nil {
		return err
	}
	asker := newAsker(server.base, reviewer, o.Clients)
	pace, alone, err := asker.inTurn(ctx, o.For/2)
	if err != nil {
		return err
	}
	results.add(name+": answers a second to 8 clients in turn", o.Tags, pace, "1/s")
	results.addQuantiles(name+": 8 clients in turn", o.Tags, alone, nil)
	asked := asker.atPace(ctx, pace*o.Times, o.For)
	results.add(fmt.Sprintf("%s: asked, %.0f times that", name, o.Times), o.Tags, float64(asked.sent)/o.For.Seconds(), "1/s")
	results.add(name+": answered", o.Tags, float64(len(asked.answered))/o.For.Seconds(), "1/s")
	results.addQuantiles(name+": answered", o.Tags, asked.answered, nil)
	results.add(name+": answered 503", o.Tags, float64(len(asked.shed))/o.For.Seconds(), "1/s")
	results.addQuantiles(name+": answered 503", o.Tags, asked.shed, nil)
	results.add(name+": lost, or no answer in 10 s", o.Tags, float64(asked.lost)/o.For.Seconds(), "1/s")
	results.add(name+": resident memory", o.Tags, server.residentMB(), "MB")
	return nil
}

// asker asks for one page again and again.
type asker struct {
	client *http.Client
	base   string
	token  string
	body   []byte
	most   int
}

func newAsker(base, token string, most int) *asker {
	body, _ := json.Marshal(map[string]string{"query": heavyDocument}) // a text can't fail to encode
	return &asker{client: &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: most, DisableCompression: true},
	}, base: base, token: token, body: body, most: most}
}

// ask returns the status of one answer that was read to its end.
func (a *asker) ask(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/graphql", bytes.NewReader(a.body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+a.token)
	response, err := a.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

// inTurn lets 8 clients ask, each as soon as it has its answer.
func (a *asker) inTurn(ctx context.Context, length time.Duration) (pace float64, took []time.Duration, err error) {
	began := time.Now()
	var mu sync.Mutex
	_, err = inTurn(0, 8, 8, func(int) error {
		for time.Since(began) < length {
			asked := time.Now()
			status, err := a.ask(ctx)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("answered %d", status)
			}
			if err != nil {
				return err
			}
			mu.Lock()
			took = append(took, time.Since(asked))
			mu.Unlock()
		}
		return nil
	})
	return float64(len(took)) / time.Since(began).Seconds(), took, err
}

// asked is what became of requests.
type asked struct {
	sent, lost     int
	answered, shed []time.Duration
}

// atPace asks so often, whether or not there are answers.
func (a *asker) atPace(ctx context.Context, perSecond float64, length time.Duration) asked {
	var result asked
	var mu sync.Mutex
	var group sync.WaitGroup
	var underWay atomic.Int64
	began := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < length && ctx.Err() == nil {
		<-tick.C
		for due := int(time.Since(began).Seconds() * perSecond); result.sent < due; result.sent++ {
			if underWay.Load() >= int64(a.most) {
				mu.Lock()
				result.lost++
				mu.Unlock()
				continue
			}
			underWay.Add(1)
			group.Go(func() {
				defer underWay.Add(-1)
				asked := time.Now()
				status, err := a.ask(ctx)
				took := time.Since(asked)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && status == http.StatusOK:
					result.answered = append(result.answered, took)
				case err == nil && status == http.StatusServiceUnavailable:
					result.shed = append(result.shed, took)
				default:
					result.lost++
				}
			})
		}
	}
	group.Wait()
	return result
}
