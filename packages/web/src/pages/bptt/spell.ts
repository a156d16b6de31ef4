/** Names as a drawing writes them: a base and what stands below it. */

export interface Spelled {
  readonly base: string;
  readonly sub: string;
}

const letters: Readonly<Record<string, string>> = {
  yhat: 'ŷ',
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  lambda: 'λ',
  sigma: 'σ',
  phi: 'φ',
  psi: 'ψ',
};

/** `z_f` at step 2 is z with `f,2`; `W_hh` is W with `hh`. */
export function spelled(name: string, step?: number): Spelled {
  const [head = '', ...rest] = name.split('_');
  const sub = [...rest, ...(step === undefined ? [] : [String(step)])].join(',');
  return { base: letters[head] ?? head, sub };
}

/** `h[2]` as a name and a step; null where the text is no such thing. */
export function readNode(id: string): { readonly name: string; readonly step: number } | null {
  const [, name, step] = /^(.+)\[(-?\d+)\]$/u.exec(id) ?? [];
  return name === undefined ? null : { name, step: Number(step) };
}

/** As a drawing's text reads: `h2`, `zf,2`. */
export function plain(name: string, step?: number): string {
  const { base, sub } = spelled(name, step);
  return base + sub;
}
