import { expect, type Page } from '@playwright/test';
import { deskTexts } from '../../src/i18n/deskTexts.ts';
import { en } from '../../src/i18n/en.ts';
import { policyTexts } from '../../src/i18n/policyTexts.ts';
import { patience } from '../patience.ts';
import { ask, decide, signIn, test, tokens } from '../session.ts';

type Language = 'zh-CN' | 'en';

/** Every key of the console's texts. */
function keysOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`)));
}

const textKeys = new Set(keysOf({ ...en, ...deskTexts.en, ...policyTexts.en }).filter((key) => key.includes('.')));

// Names that the market's shops have, that languages call themselves, and of the labels, are the same in each language.
const names = /店铺 \d+|简体中文|云标签|标记失败|标记成功/g;
const chinese = /[\u4E00-\u9FFF]/;
const englishDate = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}\b/;
const chineseDate = /\d{4}年\d{1,2}月\d{1,2}日|\d{4}\/\d{1,2}\/\d{1,2}/;

/** Every text that a person meets on the page: what is written, and what assistive technology and hints say. */
async function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      // Code, and what people wrote, has no language of the page's.
      if (parent?.closest('noscript, script, style, code, pre, textarea, .monaco-editor, .graphiql-container, [data-verbatim]') === null) texts.push(node.textContent ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      // A hint that repeats what people wrote has their language, too.
      if (element.closest('.graphiql-container, [data-verbatim]') !== null || element.querySelector('[data-verbatim]') !== null) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
    }
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  });
}

async function expectLanguage(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  // Until what is read in the new language has come.
  await expect(async () => {
    const texts = await textsOf(page);
    expect(texts.flatMap((text) => text.split(/[\s，。：:()（）]+/)).filter((word) => textKeys.has(word))).toEqual([]);
    if (language === 'en') expect(texts.filter((text) => chinese.test(text.replace(names, '')))).toEqual([]);
    expect(texts.filter((text) => (language === 'en' ? chineseDate : englishDate).test(text))).toEqual([]);
  }).toPass({ timeout: patience });
}

const choices = (page: Page, labels: readonly [string, string]) => page.getByRole('combobox', { name: new RegExp(`^(?:${labels.join('|')})$`) }).filter({ has: page.locator('option') });

async function speak(page: Page, language: Language): Promise<void> {
  await choices(page, ['语言', 'Language']).first().selectOption(language);
}

/** How light the page's ground is, from 0 to 255. */
async function lightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const ground = [document.body, document.documentElement].map((element) => getComputedStyle(element).backgroundColor).find((color) => color !== 'rgba(0, 0, 0, 0)');
    const [red = 0, green = 0, blue = 0] = (ground ?? '').match(/[\d.]+/g)?.map(Number) ?? [];
    return (red + green + blue) / 3;
  });
}

/** Switches languages and themes on the page as it is, and looks at it in each. */
async function expectBothLanguagesAndThemes(page: Page): Promise<void> {
  for (const language of ['zh-CN', 'en'] as const) {
    await speak(page, language);
    await expectLanguage(page, language);
  }
  const theme = choices(page, ['外观', 'Appearance']).first();
  await theme.selectOption('dark');
  await expect.poll(async () => lightness(page)).toBeLessThan(60);
  await theme.selectOption('light');
  await expect.poll(async () => lightness(page)).toBeGreaterThan(200);
  await speak(page, 'zh-CN');
}

/** Opens an address of the console; signed in already. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('没有这个页面');
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('.skeleton, .opening, [aria-busy=true]')).toHaveCount(0);
}

// In one browser each, which loads the program once.
for (const paths of [['/queue', '/queue?handling=ALL&state=CONFIRMED', '/buyers', '/merchants', '/appeals', '/second-reviews', '/restrictions'], ['/dashboard', '/policy', '/activity', '/log', '/start']]) {
  test(`${paths.join(', ')} are complete in both languages and themes`, async ({ page }) => {
    await signIn(page, paths[0] ?? '', tokens().admin);
    for (const path of paths) {
      await test.step(path, async () => {
        await open(page, path);
        await expectBothLanguagesAndThemes(page);
      });
    }
  });
}

test('records, dialogs and the policy’s editor are complete in both languages and themes', async ({ page, request }) => {
  const { cases } = await ask<{ cases: { nodes: { id: string; buyer: { id: string } }[] } }>(
    request, tokens().admin, '{ cases(filter: {handling: PENDING}, orderBy: DUE_AT_ASC, first: 1) { nodes { id buyer { id } } } }',
  );
  const [shown] = cases.nodes;
  const id = shown?.id ?? '';
  await decide(request, tokens().rita, id, 'CONFIRM', 'Shops agree');
  const { fileAppeal } = await ask<{ fileAppeal: { appeal: { id: string } } }>(
    request, tokens().service, 'mutation($input: FileAppealInput!) { fileAppeal(input: $input) { appeal { id } } }', { input: { caseId: id, statement: 'I returned what I got.' } },
  );
  await signIn(page, `/cases/${encodeURIComponent(id)}`, tokens().admin);
  await settled(page);
  await expectBothLanguagesAndThemes(page);
  for (const path of [`/buyers/${shown?.buyer.id}`, '/merchants/m-2125', `/appeals/${fileAppeal.appeal.id}`, '/log?entry=1']) {
    await open(page, path);
    await expectBothLanguagesAndThemes(page);
  }
  await open(page, '/policy');
  await page.getByRole('button', { name: '编辑新版本' }).click();
  await expectBothLanguagesAndThemes(page);
  await open(page, '/queue');
  await page.keyboard.press('j');
  await page.keyboard.press('1');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectLanguage(page, 'zh-CN');
});

test('a shop’s page is complete in both languages and themes', async ({ page }) => {
  await signIn(page, '/shop', tokens().shops[0] ?? '');
  await settled(page);
  await expectBothLanguagesAndThemes(page);
  for (const path of ['/shop/restrictions?order=1', '/shop/insurance', '/shop/record']) {
    await open(page, path);
    await settled(page);
    await expectBothLanguagesAndThemes(page);
  }
});

test('the sign-in is complete in both languages and themes', async ({ page }) => {
  await page.goto('/');
  await expectBothLanguagesAndThemes(page);
});

test('a choice of language and theme stays, on GraphiQL too', async ({ page }) => {
  await signIn(page, '/queue', tokens().reviewer);
  await speak(page, 'en');
  await choices(page, ['外观', 'Appearance']).first().selectOption('dark');
  await page.getByRole('link', { name: 'GraphiQL' }).click();
  await expect(page.locator('.graphiql-container')).toBeVisible();
  await expectLanguage(page, 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(en.nav.queue);
  await expectLanguage(page, 'en');
});
