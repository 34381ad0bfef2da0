import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../api/api.ts';
import { ApiContext } from '../../api/ApiContext.ts';
import { en } from '../../i18n/en.ts';
import { createI18n } from '../../i18n/i18n.ts';
import type { Language } from '../../i18n/language.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { openThemePreference } from '../../preferences/theme.ts';
import { ThemeContext } from '../../preferences/ThemeContext.ts';
import type { Session } from '../../session/session.ts';
import { SessionContext } from '../../session/SessionContext.ts';
import { fakeServer, unauthenticated } from '../../testing/fakeServer.ts';
import { sessionWith } from '../../testing/fakeSession.ts';
import { StartPage } from './StartPage.tsx';

function show(session: Session, language: Language): void {
  const execute = createApi({ url: 'http://127.0.0.1:8080/graphql', session, language: () => language });
  render(
    <I18nextProvider i18n={createI18n(language, language === 'en' ? en : zhCN)}>
      <SessionContext value={session}>
        <ApiContext value={execute}>
          <ThemeContext value={openThemePreference(window)}>
            <StartPage />
          </ThemeContext>
        </ApiContext>
      </SessionContext>
    </I18nextProvider>,
  );
}

function viewerAnswer(): Response {
  return Response.json({ data: { viewer: { id: 'shop-user', roles: ['MERCHANT'], merchant: { id: 'M1', name: '晨光' } } } });
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('StartPage', () => {
  it('asks nobody when signed out and offers to sign in', () => {
    const seen = fakeServer(viewerAnswer);
    show(sessionWith(undefined), 'en');
    expect(screen.getByRole('heading', { name: 'Sign in' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Sign out' })).toBeNull();
    expect(seen).toEqual([]);
  });

  it('shows who is signed in', async () => {
    fakeServer(viewerAnswer);
    show(sessionWith('aaa'), 'zh-CN');
    expect(await screen.findByText('shop-user')).toBeTruthy();
    expect(screen.getByText('MERCHANT').parentElement?.textContent).toBe('商家 MERCHANT');
    expect(screen.getByText('M1').parentElement?.textContent).toBe('晨光 M1');
  });

  it('signs in with a pasted link and out again', async () => {
    fakeServer(viewerAnswer);
    const session = sessionWith(undefined);
    show(session, 'en');
    fireEvent.change(screen.getByLabelText('Token or sign-in link'), { target: { value: 'http://127.0.0.1:8080/#token=aaa' } });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('shop-user')).toBeTruthy();
    expect(session.state().token).toBe('aaa');
    fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(screen.queryByText('shop-user')).toBeNull();
    expect(session.state().token).toBeUndefined();
  });

  it('says what a token looks like when the pasted text is none', () => {
    show(sessionWith(undefined), 'en');
    const field = screen.getByLabelText('Token or sign-in link');
    fireEvent.change(field, { target: { value: 'two words' } });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(screen.getByText(/neither a token nor a sign-in link/)).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });

  it.each([200, 401])('points to make run when the server refuses the token with status %i', async (status) => {
    fakeServer(() => unauthenticated(status));
    show(sessionWith('aaa'), 'en');
    expect(await screen.findByText(/does not accept this token/)).toBeTruthy();
    expect(screen.getByText('make run')).toBeTruthy();
    expect(screen.getByLabelText('Token or sign-in link')).toBeTruthy();
  });

  it('tries again after the server could not be reached', async () => {
    let up = false;
    fakeServer(() => (up ? viewerAnswer() : Promise.reject(new TypeError('Failed to fetch'))));
    show(sessionWith('aaa'), 'en');
    expect(await screen.findByText(/can’t be reached/)).toBeTruthy();
    up = true;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('shop-user')).toBeTruthy();
  });
});
