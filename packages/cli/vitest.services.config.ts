import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests that need Redis, PostgreSQL and Optuna installed: `npm run test:services`. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.services.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
export default config;
