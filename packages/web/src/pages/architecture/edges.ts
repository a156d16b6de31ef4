/** Lines between nodes. */

/** Height of a layer in the drawing, px. */
export const ROW = 74;
/** How far a line past nodes of its own column bows, px. */
const BOW = 13;

const isBowed = (x1: number, y1: number, x2: number, y2: number): boolean =>
  x1 === x2 && Math.abs(y2 - y1) > 1.5 * ROW;

/** A line from rim to rim; past nodes of its own column it bows aside. */
export function edgePath(x1: number, y1: number, x2: number, y2: number): string {
  if (isBowed(x1, y1, x2, y2)) {
    const side = Math.sign(y1 - y2) * BOW;
    return `M${x1 + side} ${y1 - side}Q${x1 + 2.6 * side} ${(y1 + y2) / 2} ${x2 + side} ${y2 + side}`;
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(17 * (x2 - x1)) / length, (17 * (y2 - y1)) / length];
  return `M${x1 + dx} ${y1 + dy}L${x2 - dx} ${y2 - dy}`;
}

/** Where a line can be taken hold of: this far from the centre of the node that it comes from, px. */
const HOLD = 28;

export function holdOf(x1: number, y1: number, x2: number, y2: number): readonly [x: number, y: number] {
  if (isBowed(x1, y1, x2, y2)) {
    const side = Math.sign(y1 - y2);
    return [x1 + 1.5 * side * BOW, y1 - side * HOLD];
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  return [x1 + (HOLD * (x2 - x1)) / length, y1 + (HOLD * (y2 - y1)) / length];
}
