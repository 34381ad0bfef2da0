import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhookRowFragment } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { EndpointActions } from './EndpointActions.tsx';

function endpoint(changes: Partial<WebhookRowFragment> = {}): WebhookRowFragment {
  return {
    id: 'w1', merchantId: null, url: 'https://example.com/hooks', description: null, types: [], state: 'ACTIVE', disabledReason: null, createdBy: 'ann',
    createdAt: '2026-05-01T00:00:00.000Z', overlapUntil: null, canManage: true, canOperate: true, standing: { waiting: 0, nextAttemptAt: null, failingSince: null }, ...changes,
  };
}

const changed = vi.fn<() => void>();
const show = (row: WebhookRowFragment) => renderConsole(<EndpointActions endpoint={row} changed={changed} />);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  changed.mockClear();
});

describe('EndpointActions', () => {
  it('shows nothing to who may only look', () => {
    show(endpoint({ canManage: false, canOperate: false }));
    expect(screen.queryAllByRole('button')).toEqual([]);
  });

  it('lets an administrator pause and replay another’s, and no more', () => {
    show(endpoint({ canManage: false }));
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Pause', 'Deliver again since']);
  });

  it('shows a new secret once', async () => {
    fakeServer(() => Response.json({ data: { rotateWebhookSecret: { signingSecret: 'whsec_abc', userErrors: [] } } }));
    show(endpoint());
    fireEvent.click(screen.getByRole('button', { name: 'Replace secret' }));
    expect(await screen.findByDisplayValue('whsec_abc')).toBeTruthy();
    expect(changed).toHaveBeenCalledOnce();
  });

  it('resumes, passing over refused events only where some wait', async () => {
    const seen = fakeServer(() => Response.json({ data: { resumeWebhookEndpoint: { userErrors: [] } } }));
    show(endpoint({ state: 'DISABLED', disabledReason: 'FAILING', standing: { waiting: 2, nextAttemptAt: null, failingSince: null } }));
    fireEvent.click(screen.getByRole('button', { name: 'Resume, passing over refused events' }));
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(seen[0]?.body).toMatchObject({ variables: { input: { id: 'w1', skipRefused: true } } });
  });

  it('says what the server refuses', async () => {
    fakeServer(() => Response.json({ data: { pauseWebhookEndpoint: { userErrors: [{ code: 'INVALID_STATE', message: 'It is not active.', field: null }] } } }));
    show(endpoint());
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('It is not active.')).toBeTruthy();
  });
});
