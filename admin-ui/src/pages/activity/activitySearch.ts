import { addressOf, filled, type AddressForm } from '../../console/useAddress.ts';
import { subjectParts } from '../../console/subjectPath.ts';
import type { LogRowFragment } from '../../gql/graphql.ts';

/** What the feed shows, as its address says it. */
export interface ActivitySearch {
  readonly action: string | undefined;
  readonly scenario: string | undefined;
  readonly actor: string | undefined;
}

export const activityAddress: AddressForm<ActivitySearch> = {
  read: (params) => ({ action: filled(params.get('action')), scenario: filled(params.get('scenario')), actor: filled(params.get('actor')) }),
  write: ({ action, scenario, actor }) => addressOf({ action, scenario, actor }),
};

/** Whether an entry is about a case of a scenario, or a tag in it; any for none. The log itself is not read by scenario. */
export function ofScenario(entry: LogRowFragment, scenario: string | undefined): boolean {
  return scenario === undefined || entry.subjects.some((subject) => {
    const { kind, id } = subjectParts(subject);
    return kind === 'case' && subjectParts(id).kind === scenario;
  });
}
