/** How many first tokens row `n` has in common with an earlier row: from there it is a branch of its own. */
export function sharedPrefix(rows: readonly (readonly string[])[], n: number): number {
  let most = 0;
  for (const earlier of rows.slice(0, n)) {
    let same = 0;
    while (same < rows[n]!.length && earlier[same] === rows[n]![same]) same += 1;
    most = Math.max(most, same);
  }
  return most;
}
