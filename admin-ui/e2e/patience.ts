/** How long a test waits for what must happen, in milliseconds: long enough for a busy machine. TEST_PATIENCE, in seconds, is the
 * Go tests' too. */
export const patience = 1000 * Number(process.env['TEST_PATIENCE'] ?? 120);
