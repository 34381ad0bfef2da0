import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../api/api.ts';
import { ApiContext } from '../../api/ApiContext.ts';
import { en } from '../../i18n/en.ts';
import { createI18n } from '../../i18n/i18n.ts';
import type { Language } from '../../i18n/language.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { densities } from '../../preferences/density.ts';
import { openPreference } from '../../preferences/preference.ts';
import { PreferencesContext } from '../../preferences/PreferencesContext.ts';
import { themes } from '../../preferences/theme.ts';
import type { Session } from '../../session/session.ts';
import { SessionContext } from '../../session/SessionContext.ts';
import { fakeServer, unauthenticated } from '../../testing/fakeServer.ts';
import { sessionWith, signInBy } from '../../testing/fakeSession.ts';
import type { SignInSettings } from '../../session/provider.ts';
import { SignInProviderContext } from '../../session/SignInProviderContext.ts';
import { StartPage } from './StartPage.tsx';

const development: SignInSettings = { development: true, provider: null };

function show(session: Session, language: Language, settings = development): void {
  const execute = createApi({ url: 'http://127.0.0.1:8080/graphql', session, language: () => language });
  render(
    <I18nextProvider i18n={createI18n(language, language === 'en' ? en : zhCN)}>
      <SessionContext value={session}>
        <SignInProviderContext value={signInBy(settings)}>
          <ApiContext value={execute}>
            <PreferencesContext value={{ theme: openPreference(window, 'theme', themes), density: openPreference(window, 'density', densities) }}>
              <StartPage />
            </PreferencesContext>
          </ApiContext>
        </SignInProviderContext>
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
    fireEvent.change(await screen.findByLabelText('Token or sign-in link'), { target: { value: 'http://127.0.0.1:8080/#token=aaa' } });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('shop-user')).toBeTruthy();
    expect(session.state().token).toBe('aaa');
    fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(screen.queryByText('shop-user')).toBeNull();
    expect(session.state().token).toBeUndefined();
  });

  it('says what a token looks like when the pasted text is none', async () => {
    show(sessionWith(undefined), 'en');
    const field = await screen.findByLabelText('Token or sign-in link');
    fireEvent.change(field, { target: { value: 'two words' } });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(screen.getByText(/neither a token nor a sign-in link/)).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });

  it('sends people to the identity provider where there is one, and back to where they were', async () => {
    const metadata = { issuer: 'https://id.example', authorization_endpoint: 'https://id.example/auth' };
    window.history.replaceState(undefined, '', '/queue?risk=HIGH');
    show(sessionWith(undefined), 'en', { development: false, provider: { clientId: 'console', scopes: 'openid', parameters: {}, metadata } });
    const link = await screen.findByRole('link', { name: 'Sign in with your account' });
    expect(link.getAttribute('href')).toBe('/signin?to=%2Fqueue%3Frisk%3DHIGH');
    expect(screen.queryByText('make run')).toBeNull();
  });

  it('says so when the identity provider is away, and takes a token', async () => {
    show(sessionWith(undefined), 'en', { development: false, provider: { clientId: 'console', scopes: 'openid', parameters: {}, metadata: null } });
    expect(await screen.findByText(/can’t reach the identity provider/)).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Sign in with your account' })).toBeNull();
    expect(screen.getByLabelText('Token or sign-in link')).toBeTruthy();
  });

  it('explains to an operator how to set up a provider where there is none', async () => {
    show(sessionWith(undefined), 'en', { development: false, provider: null });
    expect(await screen.findByText('--oidc-issuer')).toBeTruthy();
    expect(screen.queryByText('make run')).toBeNull();
  });

  it.each([200, 401])('points to make run when the server refuses the token with status %i', async (status) => {
    fakeServer(() => unauthenticated(status));
    show(sessionWith('aaa'), 'en');
    expect(await screen.findByText(/does not accept this sign-in/)).toBeTruthy();
    expect(await screen.findByText('make run')).toBeTruthy();
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
