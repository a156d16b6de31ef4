// A table read from text, and a task whose answers are known.
import { init } from '@hw5/core';
import { parseCsv, take, tasks } from '@hw5/core/data';

await init(); // examples are drawn by the kernel's random numbers
export const table = parseCsv('text,label\n"a good, warm day",good\nrain again,bad\n');
export const pairs = take(tasks.reverse, { count: 3, seed: 7, options: { maxLength: 4 } });
