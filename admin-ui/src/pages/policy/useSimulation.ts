import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api.ts';
import { requestFailure } from '../../api/failure.ts';
import { useLiveSocket } from '../../data/live/LiveContext.ts';
import { RefusedError } from '../../data/userErrors.ts';
import { PolicySimulatedDocument, type ErrorCode, type PolicyInput, type SimulationFieldsFragment } from '../../gql/graphql.ts';

interface Run {
  readonly done: number;
  readonly of: number;
}

interface State {
  readonly running: Run | undefined;
  readonly error: unknown;
  readonly result: SimulationFieldsFragment | undefined;
  /** The numbers that the result is of, as text. */
  readonly of: string | undefined;
}

export interface Simulation extends State {
  readonly run: (input: PolicyInput, handledPerDay: number | null, numbers: string) => void;
  readonly stop: () => void;
}

/** Runs simulations, one at a time, with their progress. Leaving the page, and `stop`, end the one that runs. */
export function useSimulation(known: SimulationFieldsFragment | null | undefined, numbers: string): Simulation {
  const socket = useLiveSocket();
  const [state, setState] = useState<State>({ running: undefined, error: undefined, result: known ?? undefined, of: known === null || known === undefined ? undefined : numbers });
  const end = useRef<() => void>(() => undefined);
  useEffect(() => () => end.current(), []);

  function stop(): void {
    end.current();
    end.current = () => undefined;
    setState((before) => ({ ...before, running: undefined }));
  }

  function run(input: PolicyInput, handledPerDay: number | null, of: string): void {
    end.current();
    let over = false;
    setState({ running: { done: 0, of: 0 }, error: undefined, result: undefined, of: undefined });
    const leave = socket.listen(PolicySimulatedDocument, { input, handledPerDay }, {
      next: ({ policySimulated: { done, of: all, simulation } }) => {
        if (over) return;
        if (simulation === null) setState((before) => ({ ...before, running: { done, of: all } }));
        else {
          over = true;
          setState({ running: undefined, error: undefined, result: simulation, of });
        }
      },
      ended: (cause) => {
        if (over) return;
        over = true;
        setState({ running: undefined, error: errorOf(cause), result: undefined, of: undefined });
      },
    });
    end.current = () => {
      over = true;
      leave();
    };
  }

  return { ...state, run, stop };
}

// What ends a subscription, as what ends a request: a refusal names its field.
function errorOf(cause: unknown): Error {
  const failure = requestFailure(200, { errors: cause });
  if (failure === undefined || !Array.isArray(cause)) return new ApiError({ code: 'UNREACHABLE', message: '', requestId: undefined });
  const { extensions } = cause[0] as { extensions?: { field?: readonly string[] } };
  if (extensions?.field === undefined) return new ApiError(failure);
  return new RefusedError([{ code: failure.code as ErrorCode, message: failure.message, field: extensions.field }]);
}
