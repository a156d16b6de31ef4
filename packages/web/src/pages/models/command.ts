/** The terminal's twin of what the page shows last. */
import { shellWord } from '../../frame/shell-word.js';

/** `hw5 export` of the run when something is to be written, else `hw5 import` of the file that came in. */
export function modelsCommand(format: string, file: string | undefined, isCheckpoint: boolean): string {
  if (file !== undefined && !isCheckpoint) return `npx hw5 import ${shellWord(file)}`;
  return `npx hw5 export runs/char-lm-0 --to ${format}`;
}
