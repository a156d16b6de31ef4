/** What is pointed at, in one line that an address can hold: a path (t, k), a value of a step, a parameter, a line. */

export type Focus =
  | { readonly kind: 'path'; readonly t: number; readonly k: number }
  /** A node of the unrolled graph: `h[2]`. */
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'line'; readonly line: number };

export function readFocus(text: string): Focus | null {
  const [, t, k] = /^path (\d{1,2}) (\d{1,2})$/.exec(text) ?? [];
  if (t !== undefined && k !== undefined) return { kind: 'path', t: Number(t), k: Number(k) };
  const [, id] = /^node ([^\s[\]]{1,40}\[-?\d{1,2}\])$/u.exec(text) ?? [];
  if (id !== undefined) return { kind: 'node', id };
  const [, name] = /^parameter ([^\s[\]]{1,40})$/u.exec(text) ?? [];
  if (name !== undefined) return { kind: 'parameter', name };
  const [, line] = /^line (\d{1,3})$/.exec(text) ?? [];
  return line === undefined ? null : { kind: 'line', line: Number(line) };
}

export function writeFocus(focus: Focus | null): string {
  if (focus === null) return '';
  switch (focus.kind) {
    case 'path':
      return `path ${focus.t} ${focus.k}`;
    case 'node':
      return `node ${focus.id}`;
    case 'parameter':
      return `parameter ${focus.name}`;
    case 'line':
      return `line ${focus.line}`;
  }
}
