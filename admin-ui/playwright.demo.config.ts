import { patience } from './e2e/patience.ts';
import base from './playwright.config.ts';

// Run by e2e/console_test.go against a server with the demo's market in it.
export default {
  ...base,
  projects: [{ name: 'console', testDir: 'e2e-demo' }],
  // A test looks at many pages, and on a busy machine each look takes seconds.
  timeout: 4 * patience,
  globalSetup: './e2e-demo/prepare.ts',
};
