import { expect } from '@playwright/test';
import { signIn, submit, test, tokens } from './session.ts';

test('GraphiQL answers, explains the schema and follows a subscription', async ({ page, request, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, '/graphiql', tokens().shops[0] ?? '');
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();

  await page.locator('.graphiql-execute-button').click();
  await expect(page.locator('.graphiql-response')).toContainText('FREIGHT_INSURANCE_ARBITRAGE');

  await page.getByRole('button', { name: /Documentation Explorer/ }).first().click();
  const docs = page.locator('.graphiql-doc-explorer');
  await docs.getByText('Subscription', { exact: true }).click();
  await expect(docs).toContainText('tagStatusChanged');

  await page.locator('.graphiql-query-editor .view-line').first().click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Control+A');
  await page.evaluate(
    (text) => navigator.clipboard.writeText(text),
    'subscription S {\ntagStatusChanged {\ncursor\ntag { orderNo status }\n}\n}',
  );
  await page.keyboard.press('Control+V');
  // The editor notices a moment later that the document names another operation, and the tab shows it.
  await expect(page.locator('.graphiql-tab-button').first()).toHaveText('S');
  await page.getByRole('button', { name: /Execute/ }).click();
  await page.getByRole('button', { name: /Stop/ }).waitFor();
  // Nothing reports when the server has begun to follow: tag until an event shows.
  let order = 0;
  await expect(async () => {
    order += 1;
    await submit(request, 1, order);
    await expect(page.locator('.graphiql-response')).toContainText('ACCUMULATING', { timeout: 2_000 });
  }).toPass();
});
