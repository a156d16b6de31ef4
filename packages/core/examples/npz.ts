// Arrays for NumPy and back: np.load('arrays.npz')['x'] reads the first.
import { readNpz, writeNpz } from '@hw5/core/npz';

const bytes = writeNpz(new Map([['x', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]));
export const x = readNpz(bytes).get('x');
