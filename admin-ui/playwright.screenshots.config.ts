import base from './playwright.config.ts';

// Run by `npm run screenshots` against a server with the demo's market in it: see README.md.
export default { ...base, projects: [{ name: 'screenshots', testDir: 'screenshots' }], globalSetup: './e2e-demo/prepare.ts', use: { ...base.use, deviceScaleFactor: 1 } };
