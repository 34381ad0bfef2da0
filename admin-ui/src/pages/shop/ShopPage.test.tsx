import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConsoleViewer } from '../../console/ViewerContext.ts';
import type { ShopTagFragment, TagStatus } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { fakeSocket, renderConsole, reviewer } from '../../testing/renderConsole.tsx';
import { ShopPage } from './ShopPage.tsx';

const owner: ConsoleViewer = {
  ...reviewer,
  merchant: { id: 'm-1', name: 'Shop 1', permission: 'ACTIVE' },
  can: { ...reviewer.can, submitTags: true, restrictBuyers: true, seeCases: false, readLog: false },
};

function tag(orderNo: string, status: TagStatus, version = 1): ShopTagFragment {
  const at = `2026-05-0${version}T08:00:00Z`;
  return {
    orderNo,
    version,
    status,
    markResult: status === 'SUCCEEDED' ? 'MARK_SUCCEEDED' : 'MARK_FAILED',
    reason: '',
    note: null,
    submittedAt: '2026-05-01T08:00:00Z',
    statusChangedAt: at,
    handleBy: '2026-05-03T08:00:00Z',
    handledAt: null,
    scenario: { code: 'A', name: 'Swapped return' },
  };
}

/** A shop's server, whose tags the test changes. */
function shopServer(tags: readonly ShopTagFragment[]) {
  const state = { tags: [...tags] };
  fakeServer(({ body }) => {
    const { query } = body as { query: string };
    const pageInfo = { endCursor: null, hasNextPage: false };
    if (query.includes('query ShopOverview')) {
      const succeededCount = state.tags.filter(({ status }) => status === 'SUCCEEDED').length;
      const merchant = { id: 'm-1', name: 'Shop 1', permission: 'ACTIVE', tagCount: state.tags.length, succeededCount };
      return Response.json({ data: { merchant, tags: { nodes: state.tags } } });
    }
    if (query.includes('query ShopTags')) return Response.json({ data: { tags: { nodes: state.tags, pageInfo, totalCount: state.tags.length } } });
    if (query.includes('query LiveCursor')) return Response.json({ data: { liveCursor: 'c0' } });
    if (query.includes('query ShopScenarios') || query.includes('query ScenarioNames')) return Response.json({ data: { scenarios: [] } });
    throw new Error(`unexpected ${query.slice(0, 60)}`);
  });
  return state;
}

const statusChanged = (changed: ShopTagFragment, previousStatus: TagStatus | null) => ({ tagStatusChanged: { cursor: `c${changed.version}`, previousStatus, tag: changed } });

afterEach(() => {
  cleanup();
  window.localStorage.clear();
  window.sessionStorage.clear();
  vi.unstubAllGlobals();
});

describe('ShopPage', () => {
  it('shows a flip in heading, list and notice at once', async () => {
    const before = tag('2910000001', 'ACCUMULATING');
    const state = shopServer([before, tag('2910000002', 'ACCUMULATING')]);
    const socket = fakeSocket();
    renderConsole(<ShopPage />, { viewer: owner, socket });
    expect(await screen.findByText('Tags ever 2, succeeded 0')).toBeTruthy();
    await waitFor(() => expect(socket.listened).toHaveLength(1));
    const after = tag('2910000001', 'SUCCEEDED', 2);
    state.tags = [after, ...state.tags.slice(1)];
    act(() => socket.listened[0]?.sink.next(statusChanged(after, 'ACCUMULATING')));
    const notice = await screen.findByText('Tags that succeeded: 1');
    expect(screen.getByText('Tags ever 2, succeeded 1')).toBeTruthy();
    expect(notice).toBeTruthy();
    // The rows are not laid out here; opening the first one shows what the list holds.
    fireEvent.keyDown(screen.getByRole('grid'), { key: 'Enter' });
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/✓ 标记成功/)).toBeTruthy();
  });

  it('is silent about a submission', async () => {
    const state = shopServer([]);
    const socket = fakeSocket();
    renderConsole(<ShopPage />, { viewer: owner, socket });
    await waitFor(() => expect(socket.listened).toHaveLength(1));
    const submitted = tag('2910000001', 'ACCUMULATING');
    state.tags = [submitted];
    act(() => socket.listened[0]?.sink.next(statusChanged(submitted, null)));
    expect(await screen.findByText('Tags ever 1, succeeded 0')).toBeTruthy();
    expect(screen.queryByText(/Tags that/)).toBeNull();
  });

  it('shows at the next visit what changed, until it is dismissed', async () => {
    window.localStorage.setItem('cloudtag.seen.m-1', '2026-05-01T08:00:00Z');
    shopServer([tag('2910000001', 'SUCCEEDED', 2), tag('2910000002', 'EXPIRED', 3), tag('2910000003', 'ACCUMULATING')]);
    renderConsole(<ShopPage />, { viewer: owner });
    expect(await screen.findByRole('button', { name: 'Tags that succeeded: 1' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Tags that expired: 1' })).toBeTruthy();
    const digest = screen.getByRole('button', { name: 'Tags that expired: 1' }).closest('.digest') as HTMLElement;
    fireEvent.click(within(digest).getByRole('button', { name: 'Got it' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Tags that succeeded: 1' })).toBeNull());
  });

  it('says why a shop without the permission can’t tag', async () => {
    shopServer([]);
    renderConsole(<ShopPage />, { viewer: { ...owner, merchant: { id: 'm-1', name: 'Shop 1', permission: 'REVOKED' }, can: { ...owner.can, submitTags: false } } });
    expect(await screen.findByText('The shop’s permission to tag was revoked for good.')).toBeTruthy();
    expect(screen.queryByLabelText('Order numbers')).toBeNull();
  });
});
