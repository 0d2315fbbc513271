// Three kinds of test, told apart by folder: unit (pure, milliseconds), integration (real sockets and
// SQLite), e2e (the built app in Chromium). `vitest run --project unit` runs one kind.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Threads that tests start from source share what Node compiled; test/support/thread-cache.ts says why.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('./node_modules/.cache/test-threads', import.meta.url),
);

/** How often a spec over real sockets or in the browser is run again when it failed. */
const retry = Number(process.env.SLUICE_TEST_REPEATS ?? 0);

export default defineConfig({
  test: {
    // Forks, not threads: tests start worker threads themselves and load native modules.
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,architecture,contract}/**/*.test.ts'],
          // Milliseconds each; the rest is for a machine that is busy otherwise.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts', 'test/contract/**/*.spec.ts'],
          globalSetup: ['test/support/thread-cache.ts'],
          setupFiles: ['test/support/patience.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          expect: { poll: { timeout: 10_000 } },
          retry,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          retry,
          expect: { poll: { timeout: 10_000 } },
          // Each file drives its own Chromium; side by side they would only starve one another.
          fileParallelism: false,
        },
      },
    ],
  },
});
