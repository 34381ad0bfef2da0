// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openKeyMap } from './keyMap.ts';
import { KeySequence, keyName, sequenceWithin } from './keyMatching.ts';

let map: ReturnType<typeof openKeyMap>;

beforeEach(() => {
  map = openKeyMap(window);
  document.body.innerHTML =
    '<input id="text"><input id="box" type="checkbox"><textarea id="area"></textarea><select id="select"></select><div id="edit" contenteditable="true"><b id="inner"></b></div><button id="button"></button>';
});

afterEach(() => map.stop());

function press(key: string, changes: KeyboardEventInit = {}, target = 'button'): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...changes });
  document.getElementById(target)?.dispatchEvent(event);
  return event;
}

function bind(keys: string) {
  const run = vi.fn<() => void>();
  const remove = map.add(() => [{ keys, label: keys, group: 'list', run }]);
  return { run, remove };
}

describe('openKeyMap', () => {
  it('runs what is bound, and keeps the press from the browser', () => {
    const { run } = bind('j');
    expect(press('j').defaultPrevented).toBe(true);
    expect(press('k').defaultPrevented).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it.each(['text', 'area', 'select', 'edit', 'inner'])('is off while typing in #%s', (target) => {
    const { run } = bind('j');
    press('j', {}, target);
    expect(run).not.toHaveBeenCalled();
  });

  it('is on in a checkbox, which takes no letters', () => {
    const { run } = bind('j');
    press('j', {}, 'box');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])('is off with %j', (modifier) => {
    const { run } = bind('c');
    press('c', modifier);
    expect(run).not.toHaveBeenCalled();
  });

  it.each([{ ctrlKey: true }, { metaKey: true }])('follows Ctrl and ⌘ where they are asked for, while typing too: %j', (modifier) => {
    const { run } = bind('Mod+k');
    expect(press('k', modifier, 'text').defaultPrevented).toBe(true);
    press('k', { ...modifier, shiftKey: true });
    press('k');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is off while paused, and on again when every pause has ended', () => {
    const { run } = bind('j');
    const [first, second] = [map.pause(), map.pause()];
    first();
    first();
    press('j');
    expect(run).not.toHaveBeenCalled();
    second();
    press('j');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('follows sequences, and takes the letter for itself again afterwards', () => {
    const goTo = bind('g q');
    const alone = bind('q');
    press('g');
    press('q');
    expect(goTo.run).toHaveBeenCalledTimes(1);
    expect(alone.run).not.toHaveBeenCalled();
    press('q');
    expect(alone.run).toHaveBeenCalledTimes(1);
  });

  it('lets the later binding win, and the earlier one back when it goes', () => {
    const page = bind('u');
    const detail = bind('u');
    press('u');
    detail.remove();
    press('u');
    expect(detail.run).toHaveBeenCalledTimes(1);
    expect(page.run).toHaveBeenCalledTimes(1);
    expect(map.list()).toHaveLength(1);
  });
});

describe('keyName', () => {
  it.each([
    ['j', false, 'j'],
    ['J', true, 'Shift+j'],
    ['J', false, 'j'],
    ['?', true, '?'],
    ['/', false, '/'],
    ['1', false, '1'],
    ['ArrowDown', false, 'ArrowDown'],
  ])('of %s with shift %s is %s', (key, shiftKey, name) => {
    expect(keyName({ key, shiftKey })).toBe(name);
  });
});

describe('KeySequence', () => {
  it('forgets its first key in time', () => {
    const sequence = new KeySequence();
    const starts = (name: string) => name === 'g';
    expect(sequence.press('g', 0, starts)).toEqual([]);
    expect(sequence.press('q', sequenceWithin + 1, starts)).toEqual(['q']);
  });
});
