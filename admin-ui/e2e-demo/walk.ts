import type { Page } from '@playwright/test';

/** What a walk through a page by the Tab key found. */
export interface Walk {
  /** Controls that the walk should have come to and did not. */
  readonly missed: readonly string[];
  /** Controls that were reached and did not show it. */
  readonly unseen: readonly string[];
  /** Controls that were reached while something else lay over them. */
  readonly covered: readonly string[];
  /** Whether the walk came round to where it began. */
  readonly cameRound: boolean;
  readonly reached: number;
}

interface Walker {
  expected(): number;
  /** Whether the walk is where it began, and has been everywhere. */
  step(): Promise<boolean>;
  end(): Omit<Walk, 'cameRound'>;
}

declare global {
  interface Window {
    walker?: Walker;
  }
}

/** Walks by Tab through everything inside of an element until it has come round. */
export async function walk(page: Page, within = 'body'): Promise<Walk> {
  await page.evaluate(installWalker, within);
  // Enough for a page that grows while it is walked.
  const most = 2 * (await page.evaluate(() => window.walker?.expected() ?? 0)) + 100;
  let cameRound = false;
  for (let step = 0; step < most && !cameRound; step += 1) {
    await page.keyboard.press('Tab');
    cameRound = await page.evaluate(() => window.walker?.step() ?? true);
  }
  const found = await page.evaluate(() => window.walker?.end());
  if (found === undefined) throw new Error('the page was left during the walk');
  return { ...found, cameRound };
}

// Runs in the page.
function installWalker(within: string): void {
  const root = document.querySelector(within) ?? document.body;
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]';
  const reached = new Set<Element>();
  const unseen = new Set<Element>();
  const covered = new Map<Element, string>();
  let left: readonly { readonly element: Element; readonly look: string }[] = [];

  const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && element.closest('[inert], [aria-hidden="true"]') === null;
  const isOn = (element: Element) => !element.matches(':disabled, [aria-disabled="true"]');
  // Rows of a grid are reached by the grid's own keys, the other choices of a group by arrows; headings and the main part take the
  // focus to be read out.
  const hasOtherWays = (element: Element) => element.closest('[role="grid"] [role="gridcell"]') !== null || element.matches('h1, main, [role="radiogroup"], [role="radio"][aria-checked="false"], input[type="radio"]:not(:checked), [role="dialog"], .ant-modal-wrap, [role="dialog"] > *');
  // Those that were there when the walk began: live pages grow meanwhile.
  const expected = [...root.querySelectorAll(controls)].filter((element) => isShown(element) && isOn(element) && !hasOtherWays(element));
  const missed = () => expected.filter((element) => !reached.has(element) && element.isConnected && isShown(element) && isOn(element));

  // How an element and what it is drawn with (its frame, the box of a checkbox) look.
  function lookOf(element: Element): string {
    const drawn = [element, element.parentElement, element.parentElement?.parentElement, element.parentElement?.parentElement?.parentElement, element.nextElementSibling];
    return drawn
      .map((each) => {
        if (!(each instanceof Element)) return '';
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(each);
        return [outlineStyle === 'none' ? 'none' : `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow, borderColor].join(' / ');
      })
      .join('\n');
  }

  // What lies over an element, where nothing of the element can be seen.
  function coverOf(element: Element): string | undefined {
    const box = element.getBoundingClientRect();
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]] as const;
    const onTop = points.map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
    const shown = onTop.some((top) => top !== null && (element.contains(top) || top.contains(element) || top.closest('label, .ant-select, .ant-input-number, .ant-checkbox-wrapper')?.contains(element) === true));
    if (shown) return undefined;
    return onTop.map((top) => (top === null ? `the edge at ${Math.round(box.top)} of ${innerHeight}` : name(top))).join(', ');
  }

  const name = (element: Element) => {
    const text = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.id === '' ? '' : ` id=${element.id}`} class="${element.getAttribute('class') ?? ''}"> ${text}`;
  };

  window.walker = {
    expected: () => expected.length,
    async step() {
      // What marks the focus may take a moment to come and to go.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const element = document.activeElement;
      left = left.filter((each) => {
        // A date has several stops, and a field's frame glows for the button within it, too.
        if (each.element === element || each.element.closest('.ant-input-affix-wrapper')?.contains(element) === true) return true;
        if (each.element.isConnected && each.look === lookOf(each.element)) unseen.add(each.element);
        return false;
      });
      if (element === null || element === document.body) return reached.size > 0 && missed().length === 0;
      if (reached.has(element)) return missed().length === 0;
      reached.add(element);
      left = [...left, { element, look: lookOf(element) }];
      const cover = coverOf(element);
      if (cover !== undefined) covered.set(element, cover);
      return false;
    },
    end: () => ({
      missed: missed().map(name),
      unseen: [...unseen].map(name),
      covered: [...covered].map(([element, cover]) => `${name(element)} under ${cover}`),
      reached: reached.size,
    }),
  };
}
