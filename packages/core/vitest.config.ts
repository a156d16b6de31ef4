import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  test: {
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // The sources, without a worker.
        resolve: { alias: [{ find: /^#platform$/, replacement: source('platform/node.ts') }] },
        test: {
          name: 'sources',
          include: ['test/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          typecheck: { enabled: true, include: ['test/*.test-d.ts'], tsconfig: 'tsconfig.test.json' },
        },
      },
      {
        extends: true,
        // The package as its users import it, by name, with real workers.
        test: { name: 'built', include: ['test/built/*.test.ts'] },
      },
    ],
  },
});
