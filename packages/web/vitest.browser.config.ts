import { defineConfig } from 'vitest/config';

/** Tests of the built page in a real Chromium, one browser at a time. */
export default defineConfig({
  test: {
    include: ['test/browser/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
