// The bits of the strict build in this engine, one hash per operation and workload, and how far the relaxed build is
// from it. Run it in two engines and compare `strict`; the browser tests and .ci/tarballs.mjs do.
//
//     node bench/bits.mjs            one JSON object: { engine, strict: { name: hash }, relaxed: { name, error } }
import { init } from '../packages/core/dist/index.js';
import { farthest, hashesOf } from './bits-table.mjs';

/** What fused multiply-adds may change, relative to the largest number of a result (or 1). */
const TOLERANCE = 1e-5;

const relaxed = await init({ fast: true });
const strict = await init();
const engine = `${process.release.name} ${process.version}`;
const distance = relaxed.variant === 'relaxed' ? farthest(strict, relaxed) : undefined;
console.log(JSON.stringify({ engine, strict: hashesOf(strict), relaxed: distance }));
if (distance !== undefined && !(distance.error <= TOLERANCE)) {
  console.error(
    `bits: relaxed must be within ${TOLERANCE} of strict, got ${distance.error} in ${distance.name}`,
  );
  process.exitCode = 1;
}
