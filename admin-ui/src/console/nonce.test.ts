import { Window as HappyWindow } from 'happy-dom';
import { describe, expect, it } from 'vitest';
import { giveStylesTheNonce } from './nonce.ts';

function pageWith(head: string): Document {
  const page = new HappyWindow().document as unknown as Document;
  page.head.innerHTML = head;
  const meta = page.querySelector('meta');
  // happy-dom knows no nonce property on elements that come from markup.
  if (meta !== null) meta.nonce = meta.getAttribute('nonce') ?? '';
  return page;
}

describe('giveStylesTheNonce', () => {
  it('marks style elements, and nothing else', () => {
    const page = pageWith('<meta property="csp-nonce" nonce="abc">');
    expect(giveStylesTheNonce(page)).toBe('abc');
    expect(page.createElement('style').nonce).toBe('abc');
    expect(page.createElement('STYLE').nonce).toBe('abc');
    expect(page.createElement('script').nonce).not.toBe('abc');
  });

  it('leaves a page without a nonce alone', () => {
    const page = pageWith('');
    const { createElement } = page;
    expect(giveStylesTheNonce(page)).toBeUndefined();
    expect(page.createElement).toBe(createElement);
  });
});
