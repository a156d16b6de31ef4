/** Numbers and times as people read them. */

/** `12`, `1.25k`, `3.41M`: three digits, for counts and speeds. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (const [limit, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (Math.abs(value) >= limit * 0.9995) return `${digits(value / limit)}${unit}`;
  }
  return digits(value);
}

function digits(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1000 ? String(value) : value.toPrecision(3);
}

/** `512 B`, `3.41 MB`: decimal units, as disks are sold and `ls --si` prints. */
export function bytes(count: number): string {
  return count < 1000
    ? `${count} B`
    : `${compact(count)
        .replace(/k$/, ' k')
        .replace(/([MG])$/, ' $1')}B`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-:--';
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${padded}` : `${m}:${padded}`;
}

/** A loss, nats per character, four decimals. */
export function loss(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(4);
}

/** A number of a hand calculation: as short as it is exact. */
export function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
