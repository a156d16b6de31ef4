/**
 * Compares the committed kernel build with a fresh one:
 *
 *     node .ci/compare-kernel.mjs COMMITTED FRESH
 *
 * With the same tool versions every file must be equal byte for byte. With other versions the bytes may differ, which
 * is said and accepted: that the sources are the same was checked by the manifest, and the tests run on the fresh build.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [committed, fresh] = process.argv.slice(2);
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const toolsOf = (folder) =>
  JSON.stringify(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).tools);

const names = [...new Set([...filesOf(committed), ...filesOf(fresh)])].sort();
const read = (folder, name) => {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
};
const different = names.filter((name) => {
  const [a, b] = [read(committed, name), read(fresh, name)];
  return !a || !b || !a.equals(b);
});

if (different.length === 0) {
  console.log(`the fresh kernel equals the committed one: ${names.length} files, byte for byte`);
} else if (toolsOf(committed) !== toolsOf(fresh)) {
  console.log(
    `built with other tools, so ${different.length} of ${names.length} files may differ: ${different.join(', ')}`,
  );
  console.log(`committed with ${toolsOf(committed)}\nbuilt here with ${toolsOf(fresh)}`);
} else {
  console.error(`the fresh kernel must equal the committed one, got differences in ${different.join(', ')}`);
  process.exitCode = 1;
}
