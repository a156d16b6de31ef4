/** Which gate block here is which in the file. */

/** The memory's candidate is g here and c elsewhere; the GRU's is n here and h elsewhere. */
const sameGate: Readonly<Record<string, string>> = { g: 'c', n: 'h' };

export interface GateLink {
  readonly here: number;
  readonly file: number;
}

const blocksOf = (order: string): readonly string[] => order.split(',').map((name) => name.trim());

/** Blocks of both sides and which belong together; no links for a plain RNN, which has one block. */
export function gateMap({ here, file }: { readonly here: string; readonly file: string }): {
  readonly here: readonly string[];
  readonly file: readonly string[];
  readonly links: readonly GateLink[];
} {
  const ours = blocksOf(here);
  const theirs = blocksOf(file);
  const links = ours.flatMap((name, at) => {
    const found = theirs.findIndex((other) => other === name || other === sameGate[name]);
    return found < 0 ? [] : [{ here: at, file: found }];
  });
  return { here: ours, file: theirs, links };
}

/** What happened to a tensor, in pieces that can be said in any language. */
export type Change =
  | {
      readonly kind: 'asIs' | 'transposed' | 'summed' | 'stacked' | 'leftOut' | 'split' | 'identity' | 'zero';
    }
  | { readonly kind: 'gates'; readonly from: string; readonly to: string }
  | { readonly kind: 'other'; readonly text: string };

const plain: Readonly<Record<string, Exclude<Change, { from: string } | { text: string }>['kind']>> = {
  'as it is': 'asIs',
  transposed: 'transposed',
  summed: 'summed',
  stacked: 'stacked',
  'left out': 'leftOut',
  'split in q, k, v': 'split',
  'one-hot: identity': 'identity',
  '0': 'zero',
};

/** A receipt's words for a change, taken apart; what is not known stays as it is. */
export function changesOf(change: string): readonly Change[] {
  const known = plain[change];
  if (known !== undefined) return [{ kind: known }];
  const found = /^(?:(transposed|summed|stacked), )?gates (.+) -> (.+)$/.exec(change);
  if (found === null) return [{ kind: 'other', text: change }];
  const [, first, from = '', to = ''] = found;
  const gates: Change = { kind: 'gates', from, to };
  const before = first === undefined ? undefined : plain[first];
  return before === undefined ? [gates] : [{ kind: before }, gates];
}
