import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API.
const server = process.env['CLOUDTAG_SERVER'] ?? 'http://127.0.0.1:8080';

// One step short of the best, which takes three times as long for 2 % less.
const packing = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };

/** Packs each script and style (Brotli) better than a server has time for, so that the program holds them once, and small. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      const assets = path.join(dir, 'assets');
      const names = (await readdir(assets)).filter((name) => /\.(?:js|css)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const file = path.join(assets, name);
          await writeFile(`${file}.br`, await promisify(brotliCompress)(await readFile(file), packing));
          await rm(file);
        }),
      );
    },
  };
}

export default defineConfig({
  appType: 'spa',
  // Absolute: /graphiql is served without a trailing slash, so a relative address would resolve against /.
  base: '/',
  plugins: [react(), packed()],
  // The server puts a fresh nonce in its place with each answer; styles made at run time need it.
  html: { cspNonce: '__NONCE__' },
  // GraphiQL's workers import one another, which the default worker format cannot do.
  worker: { format: 'es' },
  // `?worker` is the development server's to resolve: what bundles dependencies ahead of it takes it for a file. What the
  // workers import it would find too late.
  optimizeDeps: {
    exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'],
    include: ['graphql', 'monaco-editor/esm/vs/editor/editor.worker', 'monaco-graphql > graphql-language-service', 'monaco-graphql > picomatch-browser'],
  },
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
        console: 'index.html',
        graphiql: 'graphiql/index.html',
      },
      // What these do happens when they are called: parts that nobody uses are left out, such as antd's forms with their rules,
      // and a page has its own operations alone.
      treeshake: { moduleSideEffects: [{ test: /(?:node_modules\/(?:@rc-component|@ant-design)|src\/gql)\//, sideEffects: false }] },
      output: {
        // What most pages use, in two files: each has its headers, and packs better with its like. What fewer share imports
        // only what as many share or more, so that no file waits for another that waits for it.
        codeSplitting: {
          groups: [
            { name: 'base', minShareCount: 20, priority: 2 },
            { name: 'common', minShareCount: 8, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
  },
  test: {
    restoreMocks: true,
    // Dialogs with all of antd in them are slow on a machine that is busy with other things.
    testTimeout: 20_000,
    // Files share what they import, antd above all, which takes longer to load than most of them to run; each test leaves the
    // document and the storage as it found them.
    isolate: false,
    // A document costs more than most tests: what renders nothing has none, unless its first line asks for it.
    projects: [
      { extends: true, test: { name: 'modules', include: ['src/**/*.test.ts'], environment: 'node' } },
      { extends: true, test: { name: 'pages', include: ['src/**/*.test.tsx'], environment: 'happy-dom' } },
    ],
  },
});
