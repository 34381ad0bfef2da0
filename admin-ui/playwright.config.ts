import { defineConfig } from '@playwright/test';
import { patience } from './e2e/patience.ts';

// Run by e2e/browser_test.go, which starts the real server and says where it is; the browser is the system's own. Each
// project wants a store of its own, and measures, if it does, when nothing else is going on.
// Which flows: filters of the command line leave projects that others depend on as they are.
const tag = process.env['CLOUDTAG_TAG'];

export default defineConfig({
  workers: 2,
  timeout: 3 * patience,
  expect: { timeout: patience },
  reporter: 'list',
  outputDir: '../.cache/playwright',
  ...(tag === undefined ? {} : { grep: new RegExp(tag) }),
  projects: [
    { name: 'market', testDir: 'e2e', testIgnore: ['demo/**', 'numbers/**', 'figures/**', 'provider/**'] },
    { name: 'market-figures', testDir: 'e2e/figures', testMatch: 'tagToRow.spec.ts', dependencies: ['market'] },
    { name: 'provider', testDir: 'e2e/provider', workers: 1 },
    // Before anything changes what they count.
    { name: 'demo-numbers', testDir: 'e2e/numbers' },
    { name: 'demo', testDir: 'e2e/demo', dependencies: ['demo-numbers'] },
    { name: 'demo-figures', testDir: 'e2e/figures', testMatch: 'firstLoad.spec.ts', dependencies: ['demo'] },
    { name: 'scroll', testDir: 'e2e/figures', testMatch: 'scroll.spec.ts' },
  ],
  use: {
    // An element that never comes fails its test while the others still have time.
    actionTimeout: patience,
    baseURL: process.env['CLOUDTAG_BASE'] ?? 'http://127.0.0.1:8080',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
