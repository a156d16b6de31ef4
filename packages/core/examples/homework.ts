// A question worked out, an answer checked, and a gradient derived.
import { check, derive, solve } from '@hw5/core/homework';

export const solution = solve('q3');
export const verdict = check('q1a', 'b'); // half of it: the mistake says what is missing
export const { gradient } = await derive({ wrt: 'h[1]' });
