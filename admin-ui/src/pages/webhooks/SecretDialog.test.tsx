import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { SecretDialog } from './SecretDialog.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('SecretDialog', () => {
  it('copies the secret', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    renderConsole(<SecretDialog secret="whsec_1" close={() => undefined} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText('Copied')).toBeTruthy();
    expect(writeText).toHaveBeenCalledExactlyOnceWith('whsec_1');
  });

  it('selects it where the browser has no clipboard', async () => {
    vi.stubGlobal('navigator', { ...navigator, clipboard: undefined });
    renderConsole(<SecretDialog secret="whsec_1" close={() => undefined} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText(/It is selected/)).toBeTruthy();
    const { selectionStart, selectionEnd } = screen.getByRole<HTMLInputElement>('textbox', { name: 'Secret' });
    expect([selectionStart, selectionEnd]).toEqual([0, 'whsec_1'.length]);
  });
});
