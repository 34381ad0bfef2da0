package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// overloadOptions are the options of `bench overload`: answers under overload, with and without load shedding.
type overloadOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Tags    int           `default:"20000" help:"Tags in the store."`
	Times   float64       `default:"10" help:"The offered load, as a multiple of the server's throughput for eight clients."`
	For     time.Duration `default:"10s" help:"Duration of each measurement."`
	Clients int           `default:"4000" help:"Concurrent requests; further ones are lost, as by a load balancer at its limit."`
}

// heavyDocument requests a page that costs the server some milliseconds, and the client little.
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
	if err := fill(ctx, uri, data, timesWithin(data, 170, now)); err != nil {
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

// measure determines the server's throughput, then offers a multiple of it.
func (o overloadOptions) measure(ctx context.Context, uri, name string, args []string, results *report) error {
	server, err := startServer(ctx, o.Binary, uri, args...)
	if err != nil {
		return err
	}
	defer server.stop()
	reviewer, err := newSigner().reviewer("reviewer")
	if err != nil {
		return err
	}
	asker := newAsker(server.base, reviewer, o.Clients)
	pace, alone, err := asker.inTurn(ctx, o.For/2)
	if err != nil {
		return err
	}
	results.add(name+": throughput of 8 clients", o.Tags, pace, "1/s")
	results.addQuantiles(name+": 8 clients", o.Tags, alone, nil)
	asked := asker.atPace(ctx, pace*o.Times, o.For)
	results.add(fmt.Sprintf("%s: offered, %.0f times that", name, o.Times), o.Tags, float64(asked.sent)/o.For.Seconds(), "1/s")
	results.add(name+": answered", o.Tags, float64(len(asked.answered))/o.For.Seconds(), "1/s")
	results.addQuantiles(name+": answered", o.Tags, asked.answered, nil)
	results.add(name+": answered 503", o.Tags, float64(len(asked.shed))/o.For.Seconds(), "1/s")
	results.addQuantiles(name+": answered 503", o.Tags, asked.shed, nil)
	results.add(name+": lost, or no answer in 10 s", o.Tags, float64(asked.lost)/o.For.Seconds(), "1/s")
	results.add(name+": resident memory", o.Tags, server.residentMB(), "MB")
	return nil
}

// asker requests one page repeatedly.
type asker struct {
	client *http.Client
	base   string
	token  string
	body   []byte
	most   int
}

func newAsker(base, token string, most int) *asker {
	body, _ := json.Marshal(map[string]string{"query": heavyDocument}) // strings always encode
	return &asker{client: &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: most, DisableCompression: true},
	}, base: base, token: token, body: body, most: most}
}

// ask returns the status of one answer.
func (a *asker) ask(ctx context.Context) (int, error) {
	status, _, err := postBody(ctx, a.client, a.base, a.token, a.body)
	return status, err
}

// inTurn requests with 8 clients, each as soon as it has its answer (closed-loop load).
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

// asked holds the outcomes of requests.
type asked struct {
	sent, lost     int
	answered, shed []time.Duration
}

// atPace requests at a rate, regardless of the answers (open-loop load).
func (a *asker) atPace(ctx context.Context, perSecond float64, length time.Duration) asked {
	var result asked
	var mu sync.Mutex
	var group sync.WaitGroup
	var running atomic.Int64
	began := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < length && ctx.Err() == nil {
		<-tick.C
		for due := int(time.Since(began).Seconds() * perSecond); result.sent < due; result.sent++ {
			if running.Load() >= int64(a.most) {
				mu.Lock()
				result.lost++
				mu.Unlock()
				continue
			}
			running.Add(1)
			group.Go(func() {
				defer running.Add(-1)
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
