"""Sequence classifiers and taggers trained for fifty steps, as one would write them in PyTorch."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixture_cases.case import PRECISIONS, Draw, to_numpy, to_torch

STEPS, TIME, BATCH, CLASSES, VOCABULARY, EMBEDDING, INPUTS, HIDDEN = 50, 9, 5, 4, 11, 6, 3, 8
IGNORED = -100

# label, task, cell, ids or real-valued steps, layers, both directions, pooling
CASES = [
    ('classifier-max', 'classify', 'lstm', 'ids', 1, True, 'max'),
    ('classifier-last', 'classify', 'gru', 'ids', 2, True, 'last'),
    ('classifier-mean', 'classify', 'lstm', 'ids', 1, False, 'mean'),
    ('classifier-attention', 'classify', 'rnn', 'reals', 1, False, 'attention'),
    ('tagger', 'tag', 'gru', 'ids', 1, True, None),
    ('tagger-reals', 'tag', 'lstm', 'reals', 2, False, None),
]


class Attention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.projection = nn.Linear(size, size)
        self.context = nn.Parameter(torch.zeros(size))

    def forward(self, x, behind):
        scores = torch.tanh(self.projection(x)) @ self.context
        weights = scores.masked_fill(behind, -torch.inf).softmax(0)
        return (weights.unsqueeze(-1) * x).sum(0)


class Model(nn.Module):
    """Time-major; `behind` [T, B] says what is padding."""

    def __init__(self, cell, kind, layers, both, pooling):
        super().__init__()
        size = HIDDEN * (2 if both else 1)
        if kind == 'ids':
            self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        recurrent = {'lstm': nn.LSTM, 'gru': nn.GRU, 'rnn': nn.RNN}[cell]
        self.add_module(
            cell, recurrent(EMBEDDING if kind == 'ids' else INPUTS, HIDDEN, layers, bidirectional=both)
        )
        self.head = nn.Linear(size, CLASSES)
        if pooling == 'attention':
            self.attention = Attention(size)
        self.cell, self.kind, self.both, self.pooling = cell, kind, both, pooling

    def forward(self, x, lengths):
        steps = self.embedding(x) if self.kind == 'ids' else x
        packed, h = getattr(self, self.cell)(pack_padded_sequence(steps, lengths, enforce_sorted=False))
        y, _ = pad_packed_sequence(packed, total_length=len(x))
        h = h[0] if self.cell == 'lstm' else h
        behind = torch.arange(len(x)).unsqueeze(1) >= lengths
        if self.pooling is None:
            return self.head(y)
        if self.pooling == 'last':
            return self.head(torch.cat((h[-2], h[-1]), -1) if self.both else h[-1])
        if self.pooling == 'mean':
            return self.head(y.masked_fill(behind.unsqueeze(-1), 0).sum(0) / lengths.unsqueeze(-1))
        if self.pooling == 'max':
            return self.head(y.masked_fill(behind.unsqueeze(-1), -torch.inf).amax(0))
        return self.head(self.attention(y, behind))


def case(label, task, cell, kind, layers, both, pooling):
    name = f'models/{label}'
    draw = Draw(name)
    weights = {}
    for key, value in Model(cell, kind, layers, both, pooling).state_dict().items():
        weights[key] = draw.uniform(*value.shape, low=-0.5, high=0.5)
    lengths = 1 + draw.integers(TIME, STEPS, BATCH)
    x = (
        draw.integers(VOCABULARY, STEPS, TIME, BATCH)
        if kind == 'ids'
        else draw.uniform(STEPS, TIME, BATCH, INPUTS, low=-2.0, high=2.0)
    )
    targets = draw.integers(CLASSES, STEPS, BATCH) if task == 'classify' else draw.integers(CLASSES, STEPS, TIME, BATCH)
    if task == 'tag':
        targets[np.arange(TIME)[None, :, None] >= lengths[:, None, :]] = IGNORED
    tensors = {'in.x': x, 'in.targets': targets, 'in.lengths': lengths}
    tensors.update({f'in.weight.{key}': value for key, value in weights.items()})
    for precision, dtype in PRECISIONS.items():
        model = Model(cell, kind, layers, both, pooling).to(dtype)
        model.load_state_dict({key: to_torch(value, dtype) for key, value in weights.items()})
        optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
        losses = []
        for step in range(STEPS):
            optimiser.zero_grad()
            logits = model(to_torch(x[step], dtype), torch.tensor(lengths[step].astype(np.int64)))
            goal = to_torch(targets[step], dtype)
            loss = F.cross_entropy(logits.reshape(-1, CLASSES), goal.reshape(-1), ignore_index=IGNORED)
            loss.backward()
            if step == 0:
                tensors[f'{precision}.logits'] = to_numpy(logits)
                for key, value in model.named_parameters():
                    tensors[f'{precision}.grad.{key}'] = to_numpy(value.grad)
            optimiser.step()
            losses.append(to_numpy(loss))
        tensors[f'{precision}.losses'] = np.stack(losses)
        for key, value in model.state_dict().items():
            tensors[f'{precision}.weight.{key}'] = to_numpy(value)
    config = {
        'task': task,
        'cell': cell,
        'numLayers': layers,
        'bidirectional': both,
        'pooling': pooling,
        'numClasses': CLASSES,
        'hiddenSize': HIDDEN,
        'learningRate': 5e-3,
    }
    config.update({'vocabularySize': VOCABULARY, 'embeddingSize': EMBEDDING} if kind == 'ids' else {'inputSize': INPUTS})
    return {'name': name, 'config': config, 'tensors': tensors}


def cases():
    for parameters in CASES:
        yield case(*parameters)
