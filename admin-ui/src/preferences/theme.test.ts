import { Window as HappyWindow } from 'happy-dom';
import { describe, expect, it, vi } from 'vitest';
import { openThemePreference } from './theme.ts';

function openTab(): Window {
  return new HappyWindow({ url: 'http://127.0.0.1:8080/' }) as unknown as Window;
}

describe('openThemePreference', () => {
  it('follows the system at first', () => {
    const tab = openTab();
    expect(openThemePreference(tab).theme()).toBe('system');
    expect(tab.document.documentElement.dataset['theme']).toBe('system');
  });

  it('shows, tells and remembers a choice', () => {
    const tab = openTab();
    const preference = openThemePreference(tab);
    const listener = vi.fn<() => void>();
    preference.subscribe(listener);
    preference.choose('dark');
    expect(preference.theme()).toBe('dark');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(tab.document.documentElement.dataset['theme']).toBe('dark');
    expect(openThemePreference(tab).theme()).toBe('dark');
  });

  it('ignores a stored value it does not know', () => {
    const tab = openTab();
    tab.localStorage.setItem('cloudtag.theme', 'sepia');
    expect(openThemePreference(tab).theme()).toBe('system');
  });
});
