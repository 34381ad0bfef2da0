import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { CreateDialog } from './CreateDialog.tsx';

const created = vi.fn<(secret: string) => void>();
const close = vi.fn<() => void>();

function server(answer: object) {
  return fakeServer(({ body }) =>
    JSON.stringify(body).includes('query WebhookTypes') ? Response.json({ data: { webhookTypes: ['tag.succeeded'] } }) : Response.json({ data: { createWebhookEndpoint: answer } }),
  );
}

function fill(url: string): void {
  renderConsole(<CreateDialog created={created} close={close} />);
  fireEvent.change(screen.getByLabelText('Address'), { target: { value: url } });
  fireEvent.click(screen.getByRole('button', { name: 'Make webhook' }));
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  created.mockClear();
});

describe('CreateDialog', () => {
  it('sends all of it, and hands the secret on', async () => {
    const seen = server({ endpoint: { id: 'w1' }, signingSecret: 'whsec_abc', userErrors: [] });
    fill(' https://example.com ');
    await waitFor(() => expect(created).toHaveBeenCalledWith('whsec_abc'));
    expect(seen.at(-1)?.body).toMatchObject({ variables: { input: { url: 'https://example.com', description: '', types: [] } } });
  });

  it('shows a refusal at its field, and one about no field beside them', async () => {
    server({
      endpoint: null,
      signingSecret: null,
      userErrors: [
        { code: 'INVALID_WEBHOOK', message: 'url: expected a full address.', field: ['input', 'url'] },
        { code: 'TOO_MANY_WEBHOOKS', message: 'There may be at most 5 endpoints.', field: ['input'] },
      ],
    });
    fill('example');
    await screen.findByText('There may be at most 5 endpoints.');
    const field = screen.getByLabelText('Address');
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe('url: expected a full address.');
    expect(screen.getAllByText('url: expected a full address.')).toHaveLength(1);
    expect(created).not.toHaveBeenCalled();
  });
});
