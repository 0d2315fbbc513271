// Three kinds of test, told apart by folder: unit (pure, milliseconds), integration (real sockets and
// SQLite), e2e (the built app in Chromium). `vitest run --project unit` runs one kind.
import { defineConfig } from 'vitest/config';

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
          testTimeout: 5_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts', 'test/contract/**/*.spec.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // Each file drives its own Chromium; side by side they would only starve one another.
          fileParallelism: false,
        },
      },
    ],
  },
});
