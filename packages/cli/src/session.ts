/** Opens a session for one command and always closes it. */
import type { OpenSessionOptions, Session } from '@hw5/core';

/** Run `use` with a session; the worker is gone when the promise settles. */
export async function withSession<T>(
  options: OpenSessionOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { openSession } = await import('@hw5/core');
  const session = await openSession(options);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
