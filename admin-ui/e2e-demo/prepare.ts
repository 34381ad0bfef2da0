import { request } from '@playwright/test';
import { prepareMarket } from './market.ts';

/** Before all tests: makes the records they need, and passes them to the tests in the environment. */
export default async function prepare(): Promise<void> {
  const context = await request.newContext({ baseURL: process.env['CLOUDTAG_BASE'] ?? 'http://127.0.0.1:8080' });
  process.env['CLOUDTAG_MARKET'] = JSON.stringify(await prepareMarket(context));
  await context.dispose();
}
