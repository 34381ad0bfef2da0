import type { Page } from '@playwright/test';

/** A language and an appearance of the console. */
export type Look = readonly [language: 'zh-CN' | 'en', theme: 'light' | 'dark'];

/** Two looks with both languages and both themes between them, and the two others. Names do not depend on the theme, contrast not on the language. */
export const pairs: readonly (readonly [Look, Look])[] = [
  [['zh-CN', 'light'], ['en', 'dark']],
  [['zh-CN', 'dark'], ['en', 'light']],
];

/** Every look there is. */
export const looks: readonly Look[] = pairs.flat();

/** How the console is when a test begins. */
export const firstLook: Look = ['zh-CN', 'light'];

// The switches are on every page, under a dialog or in a folded menu at times: they are set without a look at that.
const languageSwitch = 'select:has(option[value="zh-CN"])';
const themeSwitch = 'select:has(option[value="dark"])';

/** Gives the page a look without reloading it, and waits until it stands still. */
export async function wear(page: Page, [language, theme]: Look): Promise<void> {
  await page.locator(languageSwitch).first().selectOption(language, { force: true });
  await page.locator(themeSwitch).first().selectOption(theme, { force: true });
  await settled(page);
}

/** Waits until nothing is being read or moving. */
export async function settled(page: Page): Promise<void> {
  // Two frames: what a click has caused is drawn, and what that reads is marked as busy.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))));
  await page.waitForFunction(() => document.querySelector('.skeleton, .grid-skeleton, .opening, .ant-btn-loading, [role="grid"][aria-busy="true"]') === null);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

/** Opens a page of the console by the address bar's way but without a load: the session and what was read stay. */
export async function go(page: Page, path: string): Promise<void> {
  const heading = await page.evaluateHandle((to) => {
    const before = new URL(to, location.href).pathname === location.pathname ? null : document.querySelector('h1');
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
    return before;
  }, path);
  // The page before stays until the new one can be shown.
  await page.waitForFunction((before) => before === null || (!before.isConnected && document.querySelector('h1, .skeleton, .opening') !== null), heading);
  await settled(page);
}
