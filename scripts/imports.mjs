/** Reads the import statements of source files: enough of the grammar for our own, formatted code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

/**
 * @typedef {object} Import
 * @property {string} from what stands between the quotes
 * @property {boolean} typeOnly erased at compile time, so it ties nothing together at run time
 */

/** @param {string} source @returns {Import[]} */
export function importsOf(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [];
  for (const [, clause, from] of code.matchAll(
    /^\s*(?:import|export)\b([^;'"`(]*?)\bfrom\s*['"]([^'"]+)['"]/gm,
  )) {
    found.push({ from, typeOnly: isTypeOnly(clause) });
  }
  for (const [, from] of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm))
    found.push({ from, typeOnly: false });
  for (const [, from] of code.matchAll(/(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]/g))
    found.push({ from, typeOnly: false });
  return found;
}

function isTypeOnly(clause) {
  if (/^\s*type\b/.test(clause)) return true;
  const names = /^\s*\{([\s\S]*)\}\s*$/.exec(clause)?.[1];
  if (names === undefined) return false;
  const list = names.split(',').map((name) => name.trim());
  return list.filter(Boolean).every((name) => name.startsWith('type '));
}

/**
 * Every source file below a folder with its imports; relative imports are resolved to paths within the folder (`..` in
 * front means outside of it).
 *
 * @param {string} folder @returns {{ file: string, imports: Import[], source: string }[]} sorted, with `/` in paths
 */
export function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|mjs)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const imports = importsOf(source).map(({ from, typeOnly }) => ({
        from: from.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), from)) : from,
        typeOnly,
      }));
      return { file, imports, source };
    });
}
