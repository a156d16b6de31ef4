// A model as an ONNX file, and what the file computes.
import { init, nn, noGrad, tensor } from '@hw5/core';
import { loadOnnx, toOnnx } from '@hw5/core/onnx';

await init();
const linear = new nn.Linear(3, 2);
const x = { shape: [1, 1, 3], data: [1, 2, 3] };
const { y } = loadOnnx(toOnnx(linear)).run({ x });
export const ours: readonly number[] = noGrad(() => [...linear.forward(tensor(x.data, [1, 1, 3])).data]);
export const theirs: readonly number[] = Array.from(y?.data ?? [], Number);
