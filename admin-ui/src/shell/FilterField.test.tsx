import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renderConsole } from '../testing/renderConsole.tsx';
import { TextFilter } from './FilterField.tsx';

const asked = vi.fn<(value: string | undefined) => void>();

function Filter() {
  const [value, setValue] = useState<string | undefined>(undefined);
  return (
    <>
      <TextFilter
        label="Account"
        value={value}
        change={(next) => {
          asked(next);
          setValue(next);
        }}
      />
      <button type="button" onClick={() => setValue('from the address')}>
        back
      </button>
    </>
  );
}

const field = () => screen.getByLabelText<HTMLInputElement>('Account');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  asked.mockClear();
});

it('takes effect after a pause, at once on Enter, and never twice', () => {
  renderConsole(<Filter />);
  fireEvent.change(field(), { target: { value: 'b' } });
  fireEvent.change(field(), { target: { value: 'b-1 ' } });
  act(() => void vi.advanceTimersByTime(399));
  expect(asked).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(1));
  expect(asked.mock.calls).toEqual([['b-1']]);
  // What is typed stays as it was typed.
  expect(field().value).toBe('b-1 ');
  fireEvent.change(field(), { target: { value: 'b-12' } });
  fireEvent.keyDown(field(), { key: 'Enter' });
  act(() => void vi.advanceTimersByTime(1000));
  expect(asked.mock.calls).toEqual([['b-1'], ['b-12']]);
});

it('shows what the address says', () => {
  renderConsole(<Filter />);
  fireEvent.change(field(), { target: { value: 'half' } });
  fireEvent.click(screen.getByText('back'));
  expect(field().value).toBe('from the address');
});
