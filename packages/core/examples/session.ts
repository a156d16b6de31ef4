// A character model in a worker: this thread stays free while it learns.
import { openSession } from '@hw5/core/session';

const session = await openSession();
await session.createCharLM('to and fro, '.repeat(100), { hiddenSize: 32, batchSize: 4, sequenceLength: 24 });
export const { loss } = await session.train({ steps: 100 });
export const text: string = await session.generate({ prompt: 'to and', length: 12, temperature: 0 });
await session.close();
