import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API.
const server = process.env['CLOUDTAG_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  appType: 'mpa',
  // Absolute: /graphiql is served without a trailing slash, so a relative address would resolve against /.
  base: '/',
  plugins: [react()],
  // GraphiQL's workers import one another, which the default worker format cannot do.
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // The pages' security policy allows data: in few places, so fonts and images stay files.
    assetsInlineLimit: 0,
    // Monaco, the editor of GraphiQL, is one large chunk that only /graphiql loads.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      onLog(level, log, report) {
        // GraphiQL's own marks for a compiler that does not run here: nothing to act upon.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
      input: {
        start: 'index.html',
        graphiql: 'graphiql/index.html',
      },
    },
  },
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
