/** The page's settings: what is written, and how the model is tried. */
import { choice, line, number } from '../../state/rows.js';

export const table = {
  format: choice('format', 'onnx', ['safetensors', 'onnx', 'npz', 'keras', 'pytorch'], '--to'),
  prompt: line('prompt', '', 500, '--prompt'),
  length: number('length', 200, { min: 1, max: 10_000, flag: '--length' }),
  temperature: number('temperature', 0.8, { min: 0, max: 10, whole: false, flag: '--temperature' }),
  seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
} as const;
