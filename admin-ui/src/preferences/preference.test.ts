import { Window as HappyWindow } from 'happy-dom';
import { describe, expect, it, vi } from 'vitest';
import { openPreference } from './preference.ts';
import { themes } from './theme.ts';

function openTab(): Window {
  return new HappyWindow({ url: 'http://127.0.0.1:8080/' }) as unknown as Window;
}

describe('openPreference', () => {
  it('has the first value at first', () => {
    const tab = openTab();
    expect(openPreference(tab, 'theme', themes).value()).toBe('system');
    expect(tab.document.documentElement.dataset['theme']).toBe('system');
  });

  it('applies a choice, notifies listeners and remembers it', () => {
    const tab = openTab();
    const preference = openPreference(tab, 'theme', themes);
    const listener = vi.fn<() => void>();
    preference.subscribe(listener);
    preference.choose('dark');
    expect(preference.value()).toBe('dark');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(tab.document.documentElement.dataset['theme']).toBe('dark');
    expect(openPreference(tab, 'theme', themes).value()).toBe('dark');
    expect(openPreference(tab, 'density', ['comfortable', 'compact']).value()).toBe('comfortable');
  });

  it('ignores a stored value it does not know', () => {
    const tab = openTab();
    tab.localStorage.setItem('cloudtag.theme', 'sepia');
    expect(openPreference(tab, 'theme', themes).value()).toBe('system');
  });
});
