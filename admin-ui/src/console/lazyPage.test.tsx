import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { en } from '../i18n/en.ts';
import { createI18n } from '../i18n/i18n.ts';
import { I18nextProvider } from 'react-i18next';
import { SectionBoundary } from './layout/SectionBoundary.tsx';
import { lazyPage, takeReloaded } from './lazyPage.tsx';

const missing = new TypeError('Failed to fetch dynamically imported module');
const reload = vi.fn<() => void>();

function show(Page: ReturnType<typeof lazyPage>): void {
  render(
    <I18nextProvider i18n={createI18n('en', en)}>
      <SectionBoundary>
        <Suspense fallback="opening">
          <Page />
        </Suspense>
      </SectionBoundary>
    </I18nextProvider>,
  );
}

beforeEach(() => {
  window.sessionStorage.clear();
  vi.stubGlobal('location', { ...window.location, reload });
  vi.stubGlobal('reportError', () => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  reload.mockClear();
});

it('is loaded by another try when the server was away', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away')));
  let away = true;
  show(lazyPage(() => (away ? Promise.reject(missing) : Promise.resolve(() => 'the page'))));
  await screen.findByRole('alert');
  away = false;
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('the page')).toBeTruthy();
  expect(reload).not.toHaveBeenCalled();
});

it('reloads the program, once, when the page’s file is gone, and says so', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('ok')));
  const Page = lazyPage(() => Promise.reject(missing));
  expect(takeReloaded()).toBe(false);
  show(Page);
  await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  expect(takeReloaded()).toBe(true);
  expect(takeReloaded()).toBe(false);
  cleanup();
  // What comes back is no better: then it is said, not tried for ever.
  show(Page);
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(reload).toHaveBeenCalledOnce();
});
