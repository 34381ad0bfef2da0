import { useCallback } from 'react';
import { ScenarioNamesDocument, type ScenarioNamesQuery } from '../gql/graphql.ts';
import { useRead } from './useRead.ts';

interface ScenarioNames {
  readonly scenarios: ScenarioNamesQuery['scenarios'];
  readonly loading: boolean;
  /** A scenario's name; its code until the catalogue is there. */
  readonly nameOf: (code: string) => string;
}

const none: ScenarioNamesQuery['scenarios'] = [];

/** The catalogue of scenarios in the person's language. */
export function useScenarioNames(): ScenarioNames {
  const { data, isPending } = useRead(ScenarioNamesDocument, {}, { key: ['scenarioNames'], keepLast: true });
  const scenarios = data?.scenarios ?? none;
  const nameOf = useCallback((code: string) => scenarios.find((scenario) => scenario.code === code)?.name ?? code, [scenarios]);
  return { scenarios, loading: isPending, nameOf };
}
