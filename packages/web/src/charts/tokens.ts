/** The theme's colours as they are now: drawings are painted and exported with them, so CSS cannot recolour them later. */
import { useFrame } from '../frame/context.js';

/** CSS custom properties that drawings use, one meaning each on every page. */
const names = [
  'card',
  'sunken',
  'text',
  'muted',
  'grid',
  'line',
  'accent',
  'focus',
  'danger',
  'input',
  'hidden',
  'output',
  'attention',
  'gradient',
  'negative',
  'positive',
  'magnitude',
  'train',
  'validation',
  'chance',
  'marker',
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
] as const;

export type TokenName = (typeof names)[number];
/** Colours as `#rrggbb`. */
export type Tokens = Readonly<Record<TokenName, string>> & { readonly font: string };

export function readTokens(): Tokens {
  // A custom property is only text; as the colour of an element it is worked out.
  const probe = document.createElement('span');
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return hex(style.color);
  };
  const colors = Object.fromEntries(names.map((name) => [name, read(name)]));
  const font = style.getPropertyValue('--font').trim();
  probe.remove();
  return { ...colors, font } as Tokens;
}

/** `rgb(1, 2, 3)` as `#010203`. */
function hex(color: string): string {
  const parts = color.match(/\d+(\.\d+)?/g) ?? [];
  return `#${parts
    .slice(0, 3)
    .map((part) => Math.round(Number(part)).toString(16).padStart(2, '0'))
    .join('')}`;
}

let known: { readonly shade: string; readonly tokens: Tokens } | undefined;

/** The tokens of the current theme; whoever calls it is drawn again when the theme changes. */
export function useTokens(): Tokens {
  const shade = useFrame().shade.value;
  if (known?.shade !== shade) known = { shade, tokens: readTokens() };
  return known.tokens;
}
