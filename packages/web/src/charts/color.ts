/** Colours of values. */
import type { Tokens } from './tokens.js';

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const digits = Number.parseInt(hex.slice(1), 16);
  return [(digits >> 16) & 255, (digits >> 8) & 255, digits & 255];
}

/** `#rrggbb` between two colours, share in [0, 1]. */
export function mix(from: string, to: string, share: number): string {
  const a = rgb(from);
  const b = rgb(to);
  const part = (at: 0 | 1 | 2): string =>
    Math.round(a[at] + (b[at] - a[at]) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${part(0)}${part(1)}${part(2)}`;
}

/** Perceived lightness in [0, 1], after WCAG. */
export function luminance(hex: string): number {
  const linear = (part: number): number => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour of text on a background: whichever of the two stands out more. */
export function textOn(background: string, tokens: Pick<Tokens, 'text' | 'card'>): string {
  const contrast = (color: string): number => {
    const [dark, light] = [luminance(color), luminance(background)].sort((a, b) => a - b) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  return contrast(tokens.text) >= contrast(tokens.card) ? tokens.text : tokens.card;
}

/**
 * How values become colours. `signed`: blue below 0, the surface at 0, orange above, `limit` = full colour.
 * `unit`: [0, limit] in one hue. `log`: magnitudes from `floor` to `limit` by their logarithm, in one hue.
 */
export type Scale =
  | { readonly kind: 'signed'; readonly limit: number }
  | { readonly kind: 'unit'; readonly limit: number; readonly hue?: 'attention' | 'output' | 'magnitude' }
  | { readonly kind: 'log'; readonly floor: number; readonly limit: number };

const clamp = (share: number): number => (share > 0 ? Math.min(1, share) : 0);

/** The colour of `value`; what is not a number has the colour of nothing. */
export function colorOf(value: number, scale: Scale, tokens: Tokens): string {
  if (Number.isNaN(value)) return tokens.sunken;
  switch (scale.kind) {
    case 'signed': {
      const share = scale.limit > 0 ? clamp(Math.abs(value) / scale.limit) : 0;
      return mix(tokens.card, value < 0 ? tokens.negative : tokens.positive, share);
    }
    case 'unit':
      return mix(tokens.card, tokens[scale.hue ?? 'attention'], clamp(value / scale.limit));
    case 'log': {
      const share = Math.log(Math.abs(value) / scale.floor) / Math.log(scale.limit / scale.floor);
      return mix(tokens.card, tokens.magnitude, value === 0 ? 0 : clamp(share));
    }
  }
}

/** The largest magnitude among finite numbers, 1 when all are 0. */
export function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most === 0 ? 1 : most;
}
