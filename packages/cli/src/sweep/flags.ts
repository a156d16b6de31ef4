/** From flags as an object to the arguments of `hw5 train`. */
import type { Scalar } from './place.js';

/** `('classify', { lr: 0.1, fast: true, bidirectional: false })` -> `classify --lr=0.1 --fast --no-bidirectional`. */
export function trainArgs(task: string, flags: Readonly<Record<string, Scalar>>): string[] {
  const args = Object.entries(flags).flatMap(([flag, value]) => {
    if (typeof value !== 'boolean') return [`--${flag}=${value}`];
    if (value) return [`--${flag}`];
    return flag === 'bidirectional' ? ['--no-bidirectional'] : [];
  });
  return [task, ...args];
}
