import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The tests start the built CLI as a process; few at a time, because each one computes. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 },
});
export default config;
