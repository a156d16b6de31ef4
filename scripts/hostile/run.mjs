/**
 * Reads every hostile file and measures: `node --expose-gc scripts/hostile/run.mjs [--json]`. Each must be refused with a
 * typed error within 100 ms (the faster of two tries) and 16 MB. Exit code 1 otherwise.
 */
import { init } from '@hw5/core';
import { hostileFiles } from './corpus.mjs';
import { attempt } from './readers.mjs';

const MILLISECONDS = 100;
const BYTES = 16 * 2 ** 20;

await init();
const rows = hostileFiles().map((file) => {
  attempt(file); // code is compiled by then
  globalThis.gc?.();
  const result = attempt(file);
  const slow = result.milliseconds > MILLISECONDS ? `took ${result.milliseconds.toFixed(0)} ms` : undefined;
  const large = result.memory > BYTES ? `took ${(result.memory / 2 ** 20).toFixed(0)} MB` : undefined;
  return { name: file.name, ...result, problem: result.problem ?? slow ?? large };
});
const bad = rows.filter(({ problem }) => problem !== undefined);
const most = (key) => rows.reduce((a, b) => (b[key] > a[key] ? b : a));
if (process.argv.includes('--json')) console.log(JSON.stringify({ files: rows.length, bad, rows }));
else {
  for (const { name, problem } of bad) console.log(`${name}: ${problem}`);
  const [slowest, largest] = [most('milliseconds'), most('memory')];
  console.log(`${rows.length} hostile files, ${bad.length} not refused as they must be`);
  console.log(`slowest ${slowest.milliseconds.toFixed(1)} ms: ${slowest.name}`);
  console.log(`largest ${(largest.memory / 2 ** 20).toFixed(1)} MB: ${largest.name}`);
}
process.exit(bad.length > 0 ? 1 : 0);
