"""PyTorch on one CPU thread: the same problems and protocol as child.mjs."""

import json
import sys
import time
from pathlib import Path

import torch
from models import MODELS
from torch import nn

torch.set_num_threads(1)
folder = Path(sys.argv[1])
problem = json.loads((folder / 'problem.json').read_text())


def array(name):
    dtype = getattr(torch, problem['arrays'][name]['dtype'])
    values = torch.frombuffer(bytearray((folder / f'{name}.bin').read_bytes()), dtype=dtype)
    return values.reshape(problem['arrays'][name]['shape'])


def say(message):
    print('@' + json.dumps(message), flush=True)


model = MODELS[problem['family']](problem)
model.load_state_dict({name: array(name) for name in problem['weights']})
data = {name: array(name) for name in problem['arrays'] if name not in problem['weights']}
# Embeddings and losses take 64-bit ids.
data = {name: values.long() if values.dtype == torch.int32 else values for name, values in data.items()}


def batch(k):
    """Arrays of step k; a problem without `batches` has one."""
    count = problem.get('batches')
    return {name: values[k % count] if count else values for name, values in data.items()}


def adam():
    optimiser = torch.optim.Adam(
        model.parameters(),
        lr=problem['lr'],
        betas=(problem['beta1'], problem['beta2']),
        eps=problem['eps'],
        fused=True,
    )

    def step(k):
        optimiser.zero_grad()
        loss = model.loss(**batch(k))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), problem['clip'])
        optimiser.step()
        return loss.item()

    return step, lambda loss, k: loss


def gradient():
    optimiser = torch.optim.SGD(model.parameters(), lr=problem['lr'])

    def step(k):
        optimiser.zero_grad()
        loss = model.loss(**batch(k))
        loss.backward()
        return loss.item()

    def after(loss, k):
        optimiser.step()
        return loss

    return step, after


def inference():
    model.eval()

    def step(k):
        with torch.no_grad():
            return model()

    return step, lambda output, k: nn.functional.mse_loss(output, data['targets']).item()


step, after = {'adam': adam, 'gradient': gradient, 'inference': inference}[problem['training']]()
library = f'PyTorch {torch.__version__.split("+")[0]}'
say({'ready': True, 'library': library, 'how': f'CPU, 1 thread, {model.how}', 'biases': 2})
done = 0
for line in sys.stdin:
    times, losses = [], []
    for _ in range(json.loads(line)['steps']):
        start = time.perf_counter()
        result = step(done)
        times.append((time.perf_counter() - start) * 1000)
        losses.append(after(result, done))
        done += 1
    say({'times': times, 'losses': losses})
