import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RefusalFragment, WebhookRowFragment } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { webhookRow } from '../../testing/rows.ts';
import { EndpointActions } from './EndpointActions.tsx';

const changed = vi.fn<() => void>();

/** Lists three types, and answers the change with `userErrors`. */
function server(userErrors: readonly RefusalFragment[] = []) {
  return fakeServer(({ body }) =>
    JSON.stringify(body).includes('query WebhookTypes')
      ? Response.json({ data: { webhookTypes: ['case.opened', 'tag.expired', 'tag.succeeded'] } })
      : Response.json({ data: { updateWebhookEndpoint: { userErrors } } }),
  );
}

type Seen = ReturnType<typeof server>;
const sent = (seen: Seen) => seen.map(({ body }) => body as { variables: { input?: unknown } }).filter(({ variables }) => variables.input !== undefined);

/** A page that reads the endpoint again, which then has another description. */
function Page({ row }: { readonly row: WebhookRowFragment }) {
  const [endpoint, setEndpoint] = useState(row);
  return (
    <>
      <EndpointActions endpoint={endpoint} changed={changed} />
      <button onClick={() => setEndpoint({ ...endpoint, description: 'by somebody else' })}>poll</button>
    </>
  );
}

function edit(changes: Partial<WebhookRowFragment> = {}): void {
  renderConsole(<Page row={webhookRow({ description: 'Warehouse', types: ['tag.expired', 'tag.succeeded'], ...changes })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Change' }));
}

const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  changed.mockClear();
});

describe('EditDialog', () => {
  it('shows what there is, and has nothing to save before something changes', () => {
    const seen = server();
    edit();
    expect(screen.getByDisplayValue('https://example.com/hooks')).toBe(screen.getByLabelText('Address'));
    expect(screen.getByDisplayValue('Warehouse')).toBe(screen.getByLabelText('What it is for'));
    expect(screen.getByText('tag.succeeded')).toBeTruthy();
    expect(save().disabled).toBe(true);
    type('What it is for', 'Warehouse ');
    expect(save().disabled).toBe(true);
    fireEvent.submit(screen.getByLabelText('Address'));
    expect(sent(seen)).toEqual([]);
  });

  it('sends what changed and nothing else, then closes', async () => {
    const seen = server();
    edit();
    type('Address', ' https://example.org/new ');
    fireEvent.click(save());
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(sent(seen)).toMatchObject([{ variables: { input: { id: 'w1', url: 'https://example.org/new' } } }]);
    expect(Object.keys(sent(seen)[0]?.variables.input ?? {})).toEqual(['id', 'url']);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('sends by Enter in a field, and takes a description and the choice of events away', async () => {
    const seen = server();
    edit({ types: ['tag.succeeded'] });
    type('What it is for', '');
    fireEvent.keyDown(screen.getByRole('combobox', { name: 'Events' }), { key: 'Backspace', keyCode: 8 });
    fireEvent.submit(screen.getByLabelText('What it is for'));
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(sent(seen)).toMatchObject([{ variables: { input: { id: 'w1', description: '', types: [] } } }]);
  });

  it('offers the types that the server lists', async () => {
    const seen = server();
    edit();
    fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Events' }));
    fireEvent.click(await screen.findByTitle('case.opened'));
    fireEvent.click(save());
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(sent(seen)).toMatchObject([{ variables: { input: { id: 'w1', types: ['tag.expired', 'tag.succeeded', 'case.opened'] } } }]);
  });

  it('keeps what was typed, and what somebody else changes meanwhile, when the page reads the endpoint again', async () => {
    const seen = server();
    edit();
    type('Address', 'https://example.org/new');
    fireEvent.click(screen.getByText('poll'));
    expect(screen.getByDisplayValue('https://example.org/new')).toBeTruthy();
    expect(screen.getByDisplayValue('Warehouse')).toBeTruthy();
    fireEvent.click(save());
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(Object.keys(sent(seen)[0]?.variables.input ?? {})).toEqual(['id', 'url']);
  });

  it('shows a refusal at its field', async () => {
    server([{ code: 'INVALID_WEBHOOK', message: 'url: expected an address that begins with https://.', field: ['input', 'url'] }]);
    edit();
    type('Address', 'http://example.com');
    fireEvent.click(save());
    const alert = await screen.findByRole('alert');
    const field = screen.getByLabelText('Address');
    expect(alert.textContent).toBe('url: expected an address that begins with https://.');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.getAttribute('aria-describedby')).toBe(alert.id);
    expect(screen.getByLabelText('What it is for').getAttribute('aria-invalid')).toBe('false');
    expect(changed).not.toHaveBeenCalled();
    expect(screen.getByDisplayValue('http://example.com')).toBeTruthy();
  });

  it('shows a refusal about no field beside them', async () => {
    server([{ code: 'NOT_FOUND', message: 'There is no such endpoint.', field: null }]);
    edit();
    type('What it is for', 'Shop');
    fireEvent.click(save());
    expect((await screen.findByRole('alert')).textContent).toContain('There is no such endpoint.');
    expect(screen.getByLabelText('Address').getAttribute('aria-invalid')).toBe('false');
  });
});
