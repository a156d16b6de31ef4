/** Table twins: the same numbers as in the drawings, for screen readers and spreadsheets. */
import type { Unrolled } from '@hw5/core/homework';
import type { FigureTable } from '../../charts/export.js';
import { rowsOf } from './numbers.js';

/** One line for each (t, k), one column for each entry of its contribution; the last line is the whole gradient. */
export function pathsTable({ derivation, shares }: Unrolled): FigureTable {
  const gradient = rowsOf(derivation.gradient);
  const entries = gradient.flatMap((row, r) => row.map((_, c) => `entry ${r + 1},${c + 1}`));
  const share = new Map(shares.map((each) => [`${each.t} ${each.k}`, each.share] as const));
  const rows = derivation.paths.map(({ t, k, norm, contribution }) => [
    `${t},${k}`,
    norm,
    share.get(`${t} ${k}`) ?? '',
    ...(contribution === null ? entries.map(() => '') : rowsOf(contribution).flat()),
  ]);
  const size = Math.hypot(...gradient.flat());
  return {
    columns: ['t,k', 'norm', 'share', ...entries],
    rows: [...rows, [`dJ/d${derivation.wrt}`, size, 1, ...gradient.flat()]],
  };
}

/** One line for each entry of each value; without gradients while they are hidden. */
export function nodesTable({ nodes }: Pick<Unrolled, 'nodes'>, isHidden: boolean): FigureTable {
  return {
    columns: ['value', 'entry', 'number', 'dJ/d(value)'],
    rows: nodes.flatMap((node) => {
      const gradient = node.gradient === null ? null : rowsOf(node.gradient);
      return rowsOf(node.value).flatMap((row, r) =>
        row.map((value, c) => [
          node.id,
          row.length === 1 ? `${r + 1}` : `${r + 1},${c + 1}`,
          value,
          isHidden ? '?' : (gradient?.[r]?.[c] ?? ''),
        ]),
      );
    }),
  };
}
