"""Write fixtures/keras-layers.safetensors: Keras layers, their weights in Keras's layout, and what they answer.

    KERAS_BACKEND=torch python tools/keras_layers.py

Needs keras beside numpy, torch and safetensors.
"""

import os
from pathlib import Path

os.environ.setdefault('KERAS_BACKEND', 'torch')

import keras
import numpy as np
from safetensors.numpy import save_file

FILE = Path(__file__).resolve().parent.parent / 'fixtures' / 'keras-layers.safetensors'


def main():
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    x = random.uniform(-1, 1, (2, 5, 3)).astype(np.float32)
    tensors = {'x': x}
    for cell in ('SimpleRNN', 'GRU', 'LSTM'):
        for name, bias in (('plain', True), ('nobias', False), ('bidirectional', True)):
            layer = getattr(keras.layers, cell)(4, return_sequences=True, use_bias=bias)
            if name == 'bidirectional':
                layer = keras.layers.Bidirectional(layer)
            layer.build(x.shape)
            key = f'{cell.removeprefix("Simple")}-{name}'
            for weight in layer.weights:
                value = random.uniform(-0.7, 0.7, weight.shape).astype(np.float32)
                weight.assign(value)
                direction = 'backward' if 'backward' in weight.path else 'forward'
                tensors[f'{key}/{direction}/{weight.name}'] = value
            tensors[f'{key}/y'] = np.ascontiguousarray(keras.ops.convert_to_numpy(layer(x)))
    save_file(tensors, FILE)
    print(f'{len(tensors)} tensors, {FILE.stat().st_size} bytes')


if __name__ == '__main__':
    main()
