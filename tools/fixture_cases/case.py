"""What every area's cases are made with: drawing inputs, running a case in both precisions."""

import zlib

import numpy as np
import torch

PRECISIONS = {'f32': torch.float32, 'f64': torch.float64}


class Draw:
    """Inputs of one case: a PCG64 stream keyed by the case's name, 24-bit uniforms, exact in float32."""

    def __init__(self, name):
        self.generator = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))

    def uniform(self, *shape, low=-1.0, high=1.0):
        words = self.generator.integers(0, 1 << 24, size=shape, dtype=np.int64)
        return (low + (high - low) * (words / (1 << 24))).astype(np.float32)

    def integers(self, limit, *shape):
        return self.generator.integers(0, limit, size=shape, dtype=np.int64).astype(np.int32)


def to_torch(value, dtype, grad=False):
    if value.dtype == np.int32:
        return torch.tensor(value.astype(np.int64))
    return torch.tensor(value).to(dtype).requires_grad_(grad)


def to_numpy(value):
    return value.detach().numpy().copy()


def weighted_sum(outputs, weights):
    """The scalar loss of a case: sum over its outputs of sum(w * output), w random, so no gradient is symmetric."""
    return sum((weight * output).sum() for output, weight in zip(outputs, weights, strict=True))


def differentiable_case(name, config, inputs, forward, outputs, unweighted=(), constants=()):
    """Run `forward(**inputs) -> tuple of outputs` in both precisions and keep outputs and every input's gradient.

    Outputs named in `unweighted` do not enter the loss (their weights are zeros); inputs named in `constants` get no
    gradient.
    """
    draw = Draw(name + '/w')
    tensors = {f'in.{key}': value for key, value in inputs.items()}
    weights = None
    for precision, dtype in PRECISIONS.items():
        leaves = {
            key: to_torch(value, dtype, grad=value.dtype == np.float32 and key not in constants)
            for key, value in inputs.items()
        }
        results = forward(**leaves)
        if weights is None:
            weights = {key: draw.uniform(*result.shape) for key, result in zip(outputs, results, strict=True)}
            weights.update({key: np.zeros_like(weights[key]) for key in unweighted})
            tensors.update({f'in.w_{key}': value for key, value in weights.items()})
        loss = weighted_sum(results, [to_torch(weights[key], dtype) for key in outputs])
        loss.backward()
        for key, result in zip(outputs, results, strict=True):
            tensors[f'{precision}.{key}'] = to_numpy(result)
        for key, leaf in leaves.items():
            if leaf.grad is not None:
                tensors[f'{precision}.grad.{key}'] = to_numpy(leaf.grad)
        tensors[f'{precision}.loss'] = to_numpy(loss).reshape(1)
    return {'name': name, 'config': config, 'tensors': tensors}
