/** All operators by name. */
import { attention } from './attention.js';
import { elementwise } from './elementwise.js';
import { gathers } from './gather.js';
import type { Operator } from './operator.js';
import { products } from './products.js';
import { recurrent } from './recurrent.js';
import { reductions } from './reduce.js';
import { shapes } from './shape.js';

export const operators: ReadonlyMap<string, Operator> = new Map(
  [elementwise, shapes, gathers, products, reductions, recurrent, attention].flatMap((table) =>
    Object.entries(table),
  ),
);
