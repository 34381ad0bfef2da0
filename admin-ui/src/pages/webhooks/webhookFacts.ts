import type { WebhookDeliveryRowFragment, WebhookDeliveryState, WebhookState } from '../../gql/graphql.ts';

type Attempt = WebhookDeliveryRowFragment['attempts'][number];

export const webhookTones: Record<WebhookState, 'info' | 'good' | 'plain'> = { ACTIVE: 'good', PAUSED: 'plain', DISABLED: 'info' };
export const deliveryTones: Record<WebhookDeliveryState, 'info' | 'good' | 'plain' | 'bad'> = { PENDING: 'info', DELIVERED: 'good', SKIPPED: 'plain', FAILED: 'bad' };

export const webhookStates = ['ACTIVE', 'PAUSED', 'DISABLED'] as const satisfies readonly WebhookState[];
export const deliveryStates = ['PENDING', 'DELIVERED', 'SKIPPED', 'FAILED'] as const satisfies readonly WebhookDeliveryState[];

/** The attempt that a list shows: the latest. */
export function latestAttempt({ attempts }: WebhookDeliveryRowFragment): Attempt | undefined {
  return attempts.at(-1);
}

/** The moment that a local date and time of an input field stands for; undefined for none. */
export function momentOf(local: string): string | undefined {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
