import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderConsole } from '../testing/renderConsole.tsx';
import type { Page } from './list.ts';
import { usePagedList } from './usePagedList.ts';
import { useReload } from './useReload.ts';

interface Row {
  readonly id: string;
}

const answers: ((page: Page<Row>) => void)[] = [];

function List() {
  const state = usePagedList<Row>('rows', {
    id: ({ id }) => id,
    version: () => 1,
    matches: () => true,
    compare: () => 1,
    page: async (_after, signal) =>
      new Promise<Page<Row>>((resolve, reject) => {
        answers.push(resolve);
        signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
      }),
  });
  useReload(state);
  return (
    <>
      <p>{`${state.view.phase} ${state.view.count}`}</p>
      <button type="button" onClick={() => void state.list.reload()}>
        again
      </button>
    </>
  );
}

afterEach(cleanup);

it('does not take the end of a reading that was given up for the answer to the next', async () => {
  renderConsole(<List />);
  await waitFor(() => expect(answers).toHaveLength(1));
  fireEvent.click(screen.getByText('again'));
  await waitFor(() => expect(answers).toHaveLength(2));
  await act(async () => answers[1]?.({ rows: [{ id: 'a' }], endCursor: null, hasNextPage: false, totalCount: 1 }));
  expect(screen.getByText('ready 1')).toBeTruthy();
});
