import { lazyPage } from './lazyPage.tsx';

/** What is shown to who is signed out; nobody else loads it. */
export const StartPage = lazyPage(async () => (await import('../pages/start/StartPage.tsx')).StartPage);

export const SignInPage = lazyPage(async () => (await import('../pages/signin/SignInPage.tsx')).SignInPage);
