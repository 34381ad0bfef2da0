import base from './playwright.config.ts';

// Run by e2e/console_test.go against a server with the demo's market in it.
export default { ...base, testDir: 'e2e-demo', globalSetup: './e2e-demo/prepare.ts', use: { ...base.use, actionTimeout: 20_000 } };
