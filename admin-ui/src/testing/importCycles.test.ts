import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../gql/**'], { query: '?raw', import: 'default', eager: true });

/** The modules that each module imports, those that are loaded later included. */
function importsOf(path: string): readonly string[] {
  return [...(sources[path] ?? '').matchAll(/(?:\bfrom|\bimport\(|^import) ?'(\.[^']+)'/gm)].flatMap(([, to = '']) => {
    const { pathname } = new URL(to, new URL(path, 'file:///src/testing/'));
    const imported = pathname.startsWith('/src/testing/') ? `./${pathname.slice('/src/testing/'.length)}` : `..${pathname.slice('/src'.length)}`;
    return imported in sources ? [imported] : [];
  });
}

/** A chain of imports that leads back to its beginning; undefined when there is none. */
function cycleIn(paths: readonly string[], imports: (path: string) => readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (path: string, chain: readonly string[]): readonly string[] | undefined => {
    if (chain.includes(path)) return [...chain.slice(chain.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of imports(path)) {
      const cycle = walk(next, [...chain, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of paths) {
    const cycle = walk(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

// The linter's import/no-cycle does not follow import().
test('no module imports itself through others, not even through import()', () => {
  expect(importsOf('../console/pageComponents.ts')).toContain('../pages/log/LogPage.tsx');
  expect(cycleIn(Object.keys(sources), importsOf)).toBeUndefined();
});

test('a cycle is named by its modules', () => {
  const graph: Readonly<Record<string, readonly string[]>> = { a: ['b'], b: ['c', 'd'], c: [], d: ['b'] };
  expect(cycleIn(Object.keys(graph), (path) => graph[path] ?? [])).toEqual(['b', 'd', 'b']);
});
