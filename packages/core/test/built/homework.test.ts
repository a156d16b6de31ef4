/** The homework through a real worker: values survive the crossing, errors keep their class. */
import { ArgumentError, openSession, type Session, ShapeError } from '@hw5/core';
import { attend, check, solve } from '@hw5/core/homework';
import { afterAll, beforeAll, expect, test } from 'vitest';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

test('solve, attend and check give what the library gives', async () => {
  expect(await session.solve('all')).toEqual(solve('all'));
  expect(await session.attend(undefined, { mode: 'gumbel', seed: 3 })).toEqual(
    attend(undefined, { mode: 'gumbel', seed: 3 }),
  );
  expect(await session.attend()).toEqual(attend());
  expect(await session.check('q1a', 'ب')).toEqual(check('q1a', 'ب'));
});

test('errors keep their class', async () => {
  await expect(session.solve('q9')).rejects.toBeInstanceOf(ArgumentError);
  await expect(session.check('q2b', 'W')).rejects.toBeInstanceOf(ArgumentError);
  await expect(session.attend({ keys: [[1, 2]], values: [[1]], query: [1] })).rejects.toBeInstanceOf(
    ShapeError,
  );
});
