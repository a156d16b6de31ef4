/** Problems worth a look. */
import { initialValues, type Values } from '../../state/table.js';
import { type AttentionTable, table } from './table.js';

interface Preset {
  readonly id: 'question' | 'plane' | 'tie' | 'equal' | 'near';
  readonly values: Partial<Values<AttentionTable>>;
}

const { keys, values, query, target } = initialValues(table);

export const presets: readonly Preset[] = [
  { id: 'question', values: { keys, values, query, target, turned: 1 } },
  {
    // Keys all around, so that a dragged query meets each of them.
    id: 'plane',
    values: {
      keys: [
        [2, 0],
        [-1, 1.8],
        [-1, -1.8],
      ],
      values: [[1], [2], [3]],
      query: [1, 0.5],
      target: [2],
      turned: 2,
      axes: '1-2',
    },
  },
  { id: 'tie', values: { keys, values, query: [3, 0, 0], target, turned: 1 } },
  { id: 'equal', values: { keys, values, query: [0, 0, 0], target, turned: 1 } },
  { id: 'near', values: { keys, values, query: [0.4, -0.2, 0.1], target, turned: 2 } },
];
