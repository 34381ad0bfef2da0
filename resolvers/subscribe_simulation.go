package resolvers

import (
	"context"
	"time"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
)

// simulationPace is the minimum interval between two progress messages of a simulation.
const simulationPace = 200 * time.Millisecond

// policySimulated runs a simulation and sends its progress, then its result. The goroutine that it starts ends, and closes
// the channel, with the simulation, which stops when the subscriber leaves or its session ends.
func (r *Resolver) policySimulated(ctx context.Context, input model.PolicyInput, handledPerDay *int) (<-chan *model.SimulationProgress, error) {
	session, err := r.liveSession(ctx)
	if err != nil {
		return nil, err
	}
	request, err := r.view(ctx).simulation(ctx, input, handledPerDay)
	if err != nil {
		return nil, err
	}
	sent := make(chan *model.SimulationProgress)
	go func() {
		defer close(sent)
		until, cancel := r.untilSessionEnds(ctx, session)
		defer cancel()
		send := func(progress *model.SimulationProgress) {
			select {
			case sent <- progress:
			case <-until.Done():
			}
		}
		sentAt, last := time.Time{}, &model.SimulationProgress{}
		report, err := r.Simulations.Run(until, session.Caller, request, func(done, of int) {
			last.Done, last.Of = done, of
			if now := r.Clock.Now(); now.Sub(sentAt) >= simulationPace {
				sentAt = now
				send(&model.SimulationProgress{Done: done, Of: of})
			}
		})
		if err != nil {
			if until.Err() != nil {
				err = context.Cause(until)
			}
			if ctx.Err() == nil {
				stream.Fail(ctx, err)
			}
			return
		}
		last.Done, last.Simulation = last.Of, convertSimulation(report)
		send(last)
	}()
	return sent, nil
}
