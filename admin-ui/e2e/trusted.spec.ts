import { expect, type Page, test as withErrors } from '@playwright/test';
import { signIn, test, tokens } from './session.ts';

// For a server that runs known documents only: see TestConsoleWithTrustedDocuments.
test.skip(process.env['CLOUDTAG_TRUSTED'] === undefined, 'the server runs every document');

/** What the server refused to the page, over HTTP and sockets, and how much it answered. */
function answersTo(page: Page): { readonly refused: string[]; readonly answered: () => number } {
  const refused: string[] = [];
  let answered = 0;
  const look = (text: string): void => {
    answered += 1;
    if (text.includes('UNTRUSTED_DOCUMENT')) refused.push(text);
  };
  page.on('response', async (response) => {
    if (new URL(response.url()).pathname === '/graphql' && response.status() !== 101) look(await response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => look(String(payload))));
  return { refused, answered: () => answered };
}

test('every page of the console works with its own documents', async ({ page }) => {
  const seen = answersTo(page);
  await signIn(page, '/queue', tokens().admin);
  await page.getByRole('grid').waitFor();
  for (const path of ['/buyers', '/merchants', '/appeals', '/second-reviews', '/restrictions', '/dashboard', '/policy', '/activity', '/log', '/webhooks', '/merchants/m-2', '/buyers/b-50', '/cases/RETURN_SWAPPED%3Ab-50']) {
    const before = seen.answered();
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect.poll(() => seen.answered()).toBeGreaterThan(before + 1);
    await page.waitForLoadState('networkidle');
  }
  expect(seen.refused).toEqual([]);
});

// The browser itself writes refused requests to its console.
withErrors('GraphiQL says that the server runs known documents only', async ({ page }) => {
  await signIn(page, '/graphiql', tokens().shops[0] ?? '');
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.graphiql-execute-button').click();
  await expect(page.locator('.graphiql-response')).toContainText('UNTRUSTED_DOCUMENT');
});
