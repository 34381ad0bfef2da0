import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhookRowFragment } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { webhookRow } from '../../testing/rows.ts';
import { EndpointActions } from './EndpointActions.tsx';

const changed = vi.fn<() => void>();
const show = (row: WebhookRowFragment) => renderConsole(<EndpointActions endpoint={row} changed={changed} />);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  changed.mockClear();
});

describe('EndpointActions', () => {
  it('shows nothing to who may only look', () => {
    show(webhookRow({ canManage: false, canOperate: false }));
    expect(screen.queryAllByRole('button')).toEqual([]);
  });

  it('lets an administrator pause and replay another’s, and no more', () => {
    show(webhookRow({ canManage: false }));
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Pause', 'Deliver again since']);
  });

  it('shows a new secret once', async () => {
    fakeServer(() => Response.json({ data: { rotateWebhookSecret: { signingSecret: 'whsec_abc', userErrors: [] } } }));
    show(webhookRow());
    fireEvent.click(screen.getByRole('button', { name: 'Replace secret' }));
    expect(await screen.findByDisplayValue('whsec_abc')).toBeTruthy();
    expect(changed).toHaveBeenCalledOnce();
  });

  it('resumes, passing over refused events only where some wait', async () => {
    const seen = fakeServer(() => Response.json({ data: { resumeWebhookEndpoint: { userErrors: [] } } }));
    show(webhookRow({ state: 'DISABLED', disabledReason: 'FAILING', standing: { waiting: 2, nextAttemptAt: null, failingSince: null } }));
    fireEvent.click(screen.getByRole('button', { name: 'Resume, passing over refused events' }));
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(seen[0]?.body).toMatchObject({ variables: { input: { id: 'w1', skipRefused: true } } });
  });

  it('shows what became of a ping once it was sent', async () => {
    const waits = { id: 'p1', messageId: 'msg_ping_1', seq: null, type: 'webhook.ping', subject: 'webhook:w1', at: '2026-03-01T08:00:00Z', state: 'PENDING', tries: 0, nextAttemptAt: null, attempts: [] };
    const sent = { ...waits, state: 'FAILED', tries: 1, attempts: [{ at: '2026-03-01T08:00:00Z', tookMs: 12, status: 503, failure: 'STATUS' }] };
    let reads = 0;
    fakeServer(({ body }) => {
      if (JSON.stringify(body).includes('mutation PingWebhookEndpoint')) return Response.json({ data: { pingWebhookEndpoint: { delivery: { id: 'p1' }, userErrors: [] } } });
      reads += 1;
      return Response.json({ data: { webhookEndpoint: { deliveries: { nodes: [reads === 1 ? waits : sent] } } } });
    });
    show(webhookRow());
    fireEvent.click(screen.getByRole('button', { name: 'Send ping' }));
    expect(await screen.findByText(/^Ping queued/u)).toBeTruthy();
    expect(await screen.findByText('Answered 503 in 12 ms', {}, { timeout: 5000 })).toBeTruthy();
    expect(reads).toBe(2);
  });

  it('says what the server refuses', async () => {
    fakeServer(() => Response.json({ data: { pauseWebhookEndpoint: { userErrors: [{ code: 'INVALID_STATE', message: 'It is not active.', field: null }] } } }));
    show(webhookRow());
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('It is not active.')).toBeTruthy();
  });
});
