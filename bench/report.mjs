// The figures the project promises, judged on the numbers of one run, and how a run is printed.
import { tableOf } from './limits.mjs';

const number = (value, digits = 1) => value.toFixed(digits);

/** Goals of every workload, on best times; a goal whose peer did not run is left out, and its row says why. */
export function judge({ comparisons, kernel }) {
  return comparisons.flatMap(judgeWorkload).concat(kernel?.goals ?? []);
}

function judgeWorkload({ name, goals: { torch: limits, javascript: factor }, rows }) {
  const goals = [];
  const found = (id) => rows.find((row) => row.id === id && row.best);
  const torch = found('torch');
  const peers = rows.filter((row) => row.form && row.best);
  const forms = {
    'the best of its guides': peers.filter((row) => row.form === 'guide'),
    'the fastest form found': peers,
  };
  for (const [build, id] of Object.entries({ strict: 'hw5', relaxed: 'hw5-fast' })) {
    const hw5 = found(id);
    if (!hw5) {
      goals.push({ text: `${name}: ${id} runs`, value: 0, met: false });
      continue;
    }
    if (torch && limits) {
      const value = hw5.best / torch.best;
      const text = `${name}: ${id} takes ${number(value, 2)}x the time of torch (<= ${limits[build]})`;
      goals.push({ text, value, met: value <= limits[build] });
    }
    for (const [form, members] of Object.entries(forms)) {
      if (members.length === 0) continue;
      const fastest = members.reduce((a, b) => (a.best < b.best ? a : b));
      const value = fastest.best / hw5.best;
      const text = `${name}: ${id} is ${number(value, 2)}x as fast as ${fastest.id}, ${form} (>= ${factor})`;
      goals.push({ text, value, met: value >= factor });
    }
  }
  return goals;
}

/** Why this run's numbers should not be trusted, or nothing. */
export function doubts({ comparisons, loads, cores }) {
  const found = [];
  const load = Math.max(...loads);
  // The run itself keeps one core busy.
  if (load > cores) found.push(`load average reached ${number(load)} on ${cores} cores`);
  for (const { name, rows } of comparisons) {
    const shaky = rows.filter((row) => row.median > 1.3 * row.best).map((row) => row.id);
    if (shaky.length > 0) found.push(`${name}: median far above best for ${shaky.join(', ')}`);
  }
  return found;
}

/** A workload's table, as soon as it is measured. */
export function printComparison(comparison) {
  process.stdout.write(`\n${table(comparison).join('\n')}\n`);
}

/** What follows the tables. */
export function print(report) {
  const out = [];
  if (report.kernel?.error) out.push('', `kernel figures failed: ${report.kernel.error}`);
  else if (report.kernel) out.push('', ...report.kernel.lines);
  out.push('', ...tableOf(report.limits), '');
  for (const doubt of report.doubts) out.push(`  BUSY   ${doubt}: measure again on a quiet machine`);
  for (const goal of report.goals) out.push(`  ${goal.met ? 'met   ' : 'MISSED'} ${goal.text}`);
  const met = report.goals.filter((goal) => goal.met).length;
  out.push(`  ${met} of ${report.goals.length} goals met`);
  process.stdout.write(`${out.join('\n')}\n`);
}

function table({ name, training, sizes, rows, disagreements }) {
  const letters = Object.entries(sizes).filter(([key]) => /^[A-Z]$|heads/.test(key));
  const size = letters
    .map(([key, value]) => (key === 'heads' ? `heads ${value}` : `${key}${value}`))
    .join(' ');
  const out = [`${name}: ${size} (${training})`, '  contestant      best ms  median ms    / hw5  how'];
  const hw5 = rows.find((row) => row.id === 'hw5' && row.best);
  for (const row of rows) {
    if (row.error) {
      out.push(`  ${row.id.padEnd(14)} cannot: ${row.error}`);
      continue;
    }
    const ratio = hw5 ? `${number(row.best / hw5.best, 2)}x` : '-';
    const cells = [number(row.best, 2).padStart(8), number(row.median, 2).padStart(10), ratio.padStart(8)];
    const cut = row.behind ? `, ${row.steps} steps only` : '';
    out.push(`  ${row.id.padEnd(14)}${cells.join(' ')}  ${row.library}: ${row.how}${cut}`);
  }
  if (disagreements.length === 0) out.push('  all agree on the losses of the first steps');
  return out.concat(disagreements.map((text) => `  DISAGREE ${text}`));
}
