/** Moments of a run, and what is seen in them, against what core computes. */
import { type GateRecord, openSession } from '@hw5/core';
import { expect, test } from 'vitest';
import { nearest, thinned } from '../src/frame/training/moments.js';
import { availableIn, firstLine, gateRows, visible } from '../src/pages/train/gate-rows.js';
import { findStates, lookAt } from '../src/pages/train/looks.js';

const moment = (step: number, size = 10) => ({ step, bytes: new Uint8Array(size) });

test('moments are thinned between the first and the newest two, and found by the nearest step', () => {
  const moments = Array.from({ length: 10 }, (_, index) => moment(index));
  expect(thinned(moments, 1000)).toBe(moments);
  expect(thinned(moments, 60).map(({ step }) => step)).toEqual([0, 2, 4, 6, 8, 9]);
  expect(thinned(moments, 1).map(({ step }) => step)).toEqual([0, 8, 9]);
  expect(nearest([moment(10), moment(20), moment(40)], 29)?.step).toBe(20);
  expect(nearest([moment(10), moment(20)], 15)?.step).toBe(10);
  expect(nearest([], 5)).toBeUndefined();
});

test('the rows of a gate are those that move most; a gate that the cell lacks gives way to h', () => {
  const record: GateRecord = {
    tokens: ['a', 'b'],
    shape: [2, 1, 3],
    h: Float64Array.of(0.1, -0.5, 0, 0.2, 0.5, 0),
    gates: { r: Float64Array.of(0, 0, 0, 1, 0.5, 0.25), z: new Float64Array(6), n: new Float64Array(6) },
  };
  expect(availableIn(record)).toEqual(['h', 'r', 'z', 'n']);
  expect(gateRows(record, 'h', 2)).toEqual({
    quantity: 'h',
    units: [1, 0],
    values: [
      [-0.5, 0.5],
      [0.1, 0.2],
    ],
    scale: { kind: 'signed', limit: 1 },
  });
  expect(gateRows(record, 'r', 1)).toMatchObject({ units: [0], scale: { kind: 'unit', limit: 1 } });
  expect(gateRows(record, 'c', 1).quantity).toBe('h');
});

test('the pinned sentence is the first line that says something, and hidden characters are shown', () => {
  expect(firstLine('\n\n  a\nthe fog came in\nmore', 7)).toBe('the fog');
  expect(firstLine('ab', 10)).toBe('ab');
  expect(visible('\u200c')).toBe('ZWNJ');
});

test('a look at a moment is what the run itself said then, whatever it has learnt since', async () => {
  const text = Array.from({ length: 40 }, (_, line) => `line ${line}: the fog and I\n`).join('');
  const [run, other] = await Promise.all([openSession(), openSession()]);
  try {
    await run.createCharLM(text, { hiddenSize: 8, embeddingSize: 4, batchSize: 2, sequenceLength: 8 });
    await run.train({ steps: 10 });
    const bytes = await run.checkpoint();
    const sentence = 'the fog and';
    const then = await run.nextTokens(sentence, { top: 6 });
    const gates = await run.gates(sentence);
    await run.train({ steps: 30 });
    const look = await lookAt(other, { moment: { step: 10, bytes }, text: sentence, at: 4, layer: 7 });
    expect(look.step).toBe(10);
    expect(look.next).toEqual(then);
    expect(look.gates).toEqual(gates);
    expect(look.connectivity.at).toBe(4);
    expect(look.connectivity.norms.slice(5).every((norm) => norm === 0)).toBe(true);
    expect(look.connectivity.norms.slice(0, 5).some((norm) => norm > 0)).toBe(true);
    const found = await findStates(other, {
      moment: { step: 10, bytes },
      text: text.slice(0, 200),
      from: 8,
      to: 11,
      threshold: 0,
    });
    for (const match of found.matches) expect(match.to <= 8 || match.from >= 11).toBe(true);
    expect(found.matches.length).toBeGreaterThan(0);
    await expect(
      lookAt(other, { moment: { step: 10, bytes }, text: 'Ω never seen', at: 0, layer: 0 }),
    ).rejects.toMatchObject({ code: 'DATA' });
  } finally {
    await Promise.all([run.close(), other.close()]);
  }
});
