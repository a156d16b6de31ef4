"""PyTorch on one CPU thread without gradients; `cell` steps nn.LSTMCell, `layer` nn.LSTM over sequences of one."""

import json
import sys
import time
from pathlib import Path

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_grad_enabled(False)
folder, hidden, variant = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
vocabulary, size = 65, 64


def say(message):
    print('@' + json.dumps(message), flush=True)


def load(module, prefix, rename=lambda name: name):
    state = {}
    for name, parameter in module.state_dict().items():
        data = (folder / f'{prefix}.{rename(name)}.bin').read_bytes()
        state[name] = torch.frombuffer(bytearray(data), dtype=torch.float32).reshape(parameter.shape)
    module.load_state_dict(state)
    return module


embedding = load(nn.Embedding(vocabulary, size), 'embedding')
head = load(nn.Linear(hidden, vocabulary), 'head')
if variant == 'cell':
    cell = load(nn.LSTMCell(size, hidden), 'lstm', lambda name: f'{name}_l0')

    def step(token, state):
        h, c = cell(embedding(token), state)
        return head(h), (h, c)

    zeros = torch.zeros(1, hidden)
else:
    layer = load(nn.LSTM(size, hidden), 'lstm')

    def step(token, state):
        output, state = layer(embedding(token).unsqueeze(0), state)
        return head(output[0]), state

    zeros = torch.zeros(1, 1, hidden)


def generate(length):
    characters, state, token = [], (zeros, zeros), torch.zeros(1, dtype=torch.long)
    for _ in range(length):
        logits, state = step(token, state)
        token = logits.argmax(1)
        characters.append(token.item())
    return characters


say({'how': f'PyTorch {torch.__version__}, nn.LSTM{"Cell" if variant == "cell" else ""}, no_grad, 1 thread'})
for line in sys.stdin:
    request, milliseconds = json.loads(line), []
    for _ in range(request['samples']):
        start = time.perf_counter()
        characters = generate(request['length'])
        milliseconds.append(1000 * (time.perf_counter() - start))
    say({'milliseconds': milliseconds, 'characters': characters})
