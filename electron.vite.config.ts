// Builds the three bundles Electron runs: main (with its worker threads and the headless host), the
// preload and the window's page. Entries keep their names because hosts start threads by URL.
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          'core-thread': at('src/main/core-thread.ts'),
          'engine-thread': at('src/main/engine/thread.ts'),
          'demo-thread': at('src/main/app/demo/thread.ts'),
          headless: at('src/main/headless/main.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload is one CommonJS file: it can require nothing but Electron's own modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react(), tailwindcss()],
    build: {
      minify: true,
      // The page's CSP has no `data:` for fonts and scripts, so nothing may be inlined into data URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
});
