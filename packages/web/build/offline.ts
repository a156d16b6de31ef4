/** Writes the service worker with the list of all built files and their hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'vite';

const NAME = 'service-worker.js';

export function offline(): Plugin {
  return {
    name: 'hw5-offline',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((path) => path !== NAME && statSync(join(dir, path)).isFile())
        .map((path) => path.split(sep).join('/'))
        .sort();
      const hash = createHash('sha256');
      for (const path of files) hash.update(path).update(readFileSync(join(dir, path)));
      const source = readFileSync(new URL(`../src/offline/${NAME}`, import.meta.url), 'utf8')
        .replace('__VERSION__', hash.digest('hex').slice(0, 16))
        .replace("['__FILES__']", JSON.stringify(files));
      writeFileSync(join(dir, NAME), source);
    },
  };
}
