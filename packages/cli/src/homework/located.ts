/** Errors in formulas that people typed. */
import { err } from '../terminal.js';

/** Show where in a formula an error lies: the line and a caret below it. */
export async function located<T>(asJson: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { excerpt, caret } = ((error as { details?: unknown }).details ?? {}) as Readonly<
      Record<string, unknown>
    >;
    if (!asJson && typeof excerpt === 'string' && typeof caret === 'string') {
      err.line(`  ${excerpt}`);
      err.line(`  ${err.style.red(caret)}`);
    }
    throw error;
  }
}
