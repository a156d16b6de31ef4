"""PyTorch on one CPU thread, the same problem and protocol as child.mjs."""

import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
folder = Path(sys.argv[1])
problem = json.loads((folder / 'problem.json').read_text())


def array(name):
    dtype = getattr(torch, problem['arrays'][name]['dtype'])
    return torch.frombuffer(bytearray((folder / f'{name}.bin').read_bytes()), dtype=dtype).reshape(
        problem['arrays'][name]['shape']
    )


class CharLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(problem['V'], problem['E'])
        self.lstm = nn.LSTM(problem['E'], problem['H'])
        self.head = nn.Linear(problem['H'], problem['V'])

    def forward(self, ids):
        return self.head(self.lstm(self.embedding(ids))[0])


def say(message):
    print('@' + json.dumps(message), flush=True)


model = CharLM()
model.load_state_dict({name: array(name) for name in model.state_dict()})
optimiser = torch.optim.Adam(
    model.parameters(),
    lr=problem['lr'],
    betas=(problem['beta1'], problem['beta2']),
    eps=problem['eps'],
    fused=True,
)
x, targets = array('x').long(), array('targets').long()


def step(k):
    optimiser.zero_grad()
    logits = model(x[k % problem['batches']])
    loss = F.cross_entropy(logits.reshape(-1, problem['V']), targets[k % problem['batches']].reshape(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), problem['clip'])
    optimiser.step()
    return loss.item()


say(
    {
        'ready': True,
        'library': f'PyTorch {torch.__version__.split("+")[0]}',
        'how': 'CPU, 1 thread, nn.LSTM, fused Adam',
        'biases': 2,
    }
)
done = 0
for line in sys.stdin:
    times, losses = [], []
    for _ in range(json.loads(line)['steps']):
        start = time.perf_counter()
        losses.append(step(done))
        times.append((time.perf_counter() - start) * 1000)
        done += 1
    say({'times': times, 'losses': losses})
