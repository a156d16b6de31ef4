// A schedule is a value: warm up, then follow half a cosine.
import { learningRate, type Schedule } from '@hw5/core/optim';

const schedule: Schedule = { kind: 'warmup', steps: 10, next: { kind: 'cosine', steps: 90 } };
export const rates: number[] = [0, 5, 10, 55, 100].map((step) => learningRate(schedule, 0.01, step));
