// A problem on disk: `problem.json` and one `.bin` per array (little-endian float32 or int32).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProblem } from './problem.mjs';

export function writeProblem(folder, workload) {
  mkdirSync(folder, { recursive: true });
  const problem = makeProblem(workload);
  const arrays = Object.entries(problem.arrays).map(([name, { shape, data }]) => {
    writeFileSync(join(folder, `${name}.bin`), data);
    return [name, { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' }];
  });
  const described = { ...problem, arrays: Object.fromEntries(arrays) };
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(described));
}

/** Inverse of {@link writeProblem}. */
export function readProblem(folder) {
  const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
  for (const [name, array] of Object.entries(problem.arrays)) {
    const bytes = readFileSync(join(folder, `${name}.bin`));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    array.data = array.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  }
  return problem;
}
