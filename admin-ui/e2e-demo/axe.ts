import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { firstLook, type Look, pairs, wear } from './looks.ts';

/** WCAG 2.2, levels A and AA, with all they took over from 2.0 and 2.1. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Markup that is not ours to fix: GraphiQL's tabs, each of which has its close button within, and its editor's line numbers;
 * what antd's select keeps for screen readers beside its list.
 */
const foreign = ['.graphiql-tab', '.line-numbers', '[role="presentation"][aria-selected]'];

interface Violation {
  readonly rule: string;
  readonly nodes: readonly { readonly target: string; readonly html: string; readonly why: string }[];
}

/** Collects what is wrong with pages, so that one run reports everything. */
export class Findings {
  private readonly seen = new Map<string, { readonly text: string; readonly where: Set<string> }>();
  private readonly page: Page;
  private turn = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** Puts axe into every document that the page loads. */
  async prepare(): Promise<void> {
    await this.page.addInitScript({ content: axe.source });
    await this.page.evaluate(axe.source);
  }

  /** Looks at what is shown, in both languages and both themes: one pair of looks and the other by turns. */
  async inspect(name: string, inLooks: readonly Look[] = pairs[this.turn % pairs.length] ?? []): Promise<void> {
    this.turn += 1;
    for (const look of inLooks) {
      await wear(this.page, look);
      this.add(await violations(this.page), `${name} (${look.join(', ')})`);
    }
    await wear(this.page, firstLook);
  }

  /** Notes something else that is wrong. */
  note(text: string, where: string): void {
    const known = this.seen.get(text) ?? { text, where: new Set<string>() };
    known.where.add(where);
    this.seen.set(text, known);
  }

  /** Fails the test with all that was found. */
  expectNone(): void {
    expect([...this.seen.values()].map(({ text, where }) => `${text}\n  at ${[...where].join('; ')}`)).toEqual([]);
  }

  private add(found: readonly Violation[], where: string): void {
    for (const { rule, nodes } of found) {
      for (const { target, html, why } of nodes) this.note(`${rule}: ${target}\n  ${html}\n  ${why}`, where);
    }
  }
}

async function violations(page: Page): Promise<readonly Violation[]> {
  return page.evaluate(async ({ runTags, exclude }) => {
    const { axe: run } = window as unknown as { axe: typeof axe };
    const result = await run.run({ include: [document.documentElement], exclude }, { runOnly: { type: 'tag', values: runTags }, resultTypes: ['violations'] });
    return result.violations.map(({ id, nodes }) => ({
      rule: id,
      nodes: nodes.map(({ target, html, failureSummary }) => ({ target: target.join(' '), html: html.slice(0, 200), why: (failureSummary ?? '').replaceAll('\n', ' ') })),
    }));
  }, { runTags: tags, exclude: foreign });
}
