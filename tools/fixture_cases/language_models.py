"""Language models trained for fifty steps, as one would write them in PyTorch: each cell, and Transformer blocks."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from fixture_cases.case import PRECISIONS, Draw, to_numpy, to_torch

STEPS, TIME, BATCH, VOCABULARY, EMBEDDING, HIDDEN, LAYERS, HEADS = 50, 6, 3, 9, 8, 10, 2, 2

# label, cell, positions
CASES = [
    ('rnn', 'rnn', None),
    ('gru', 'gru', None),
    ('lstm', 'lstm', None),
    ('transformer', 'transformer', 'learned'),
    ('transformer-sinusoidal', 'transformer', 'sinusoidal'),
]


def waves(dtype):
    """sin and cos of t / 10000^(2i / E), side by side."""
    t = torch.arange(TIME, dtype=torch.float64).unsqueeze(1)
    angle = t * torch.exp(torch.arange(0, EMBEDDING, 2, dtype=torch.float64) * (-math.log(10000) / EMBEDDING))
    return torch.stack((angle.sin(), angle.cos()), -1).reshape(TIME, EMBEDDING).to(dtype)


class Recurrent(nn.Module):
    """Time-major, from a zero state."""

    def __init__(self, cell):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        self.add_module(cell, {'rnn': nn.RNN, 'gru': nn.GRU, 'lstm': nn.LSTM}[cell](EMBEDDING, HIDDEN, LAYERS))
        self.head = nn.Linear(HIDDEN, VOCABULARY)
        self.cell = cell

    def forward(self, x):
        y, _ = getattr(self, self.cell)(self.embedding(x))
        return self.head(y)


class Transformer(nn.Module):
    """Time-major outside; PyTorch's own encoder with a causal mask inside."""

    def __init__(self, positions):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        if positions == 'learned':
            self.position = nn.Embedding(TIME, EMBEDDING)
        layer = nn.TransformerEncoderLayer(EMBEDDING, HEADS, HIDDEN, dropout=0.0, batch_first=True, norm_first=True)
        norm = nn.LayerNorm(EMBEDDING)
        self.transformer = nn.TransformerEncoder(layer, LAYERS, norm=norm, enable_nested_tensor=False)
        self.head = nn.Linear(EMBEDDING, VOCABULARY)
        self.positions = positions

    def forward(self, x):
        y = self.embedding(x).transpose(0, 1)
        y = y + (self.position.weight if self.positions == 'learned' else waves(y.dtype))
        mask = torch.triu(torch.full((TIME, TIME), -torch.inf, dtype=y.dtype), 1)
        return self.head(self.transformer(y, mask=mask)).transpose(0, 1)


def case(label, cell, positions):
    name = f'language-models/{label}'
    draw = Draw(name)

    def make():
        return Transformer(positions) if cell == 'transformer' else Recurrent(cell)

    weights = {
        key: draw.uniform(*value.shape, low=-0.5, high=0.5) + (1 if 'norm' in key and 'weight' in key else 0)
        for key, value in make().state_dict().items()
    }
    weights = {key: value.astype('float32') for key, value in weights.items()}
    x = draw.integers(VOCABULARY, STEPS, TIME, BATCH)
    targets = draw.integers(VOCABULARY, STEPS, TIME, BATCH)
    tensors = {'in.x': x, 'in.targets': targets}
    tensors.update({f'in.weight.{key}': value for key, value in weights.items()})
    for precision, dtype in PRECISIONS.items():
        model = make().to(dtype)
        model.load_state_dict({key: to_torch(value, dtype) for key, value in weights.items()})
        model.train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.1)
        losses = []
        for step in range(STEPS):
            optimiser.zero_grad()
            logits = model(to_torch(x[step], dtype))
            goal = to_torch(targets[step], dtype)
            loss = F.cross_entropy(logits.reshape(-1, VOCABULARY), goal.reshape(-1), label_smoothing=0.1)
            loss.backward()
            if step == 0:
                tensors[f'{precision}.logits'] = to_numpy(logits)
                for key, value in model.named_parameters():
                    tensors[f'{precision}.grad.{key}'] = to_numpy(value.grad)
            optimiser.step()
            losses.append(to_numpy(loss).reshape(1))
        tensors[f'{precision}.losses'] = torch.tensor([float(value[0]) for value in losses], dtype=dtype).numpy()
        for key, value in model.state_dict().items():
            tensors[f'{precision}.weight.{key}'] = to_numpy(value)
    config = {
        'cell': cell,
        'positions': positions,
        'vocabularySize': VOCABULARY,
        'embeddingSize': EMBEDDING,
        'hiddenSize': HIDDEN,
        'numLayers': LAYERS,
        'numHeads': HEADS,
        'contextSize': TIME,
        'learningRate': 5e-3,
        'weightDecay': 0.1,
        'labelSmoothing': 0.1,
    }
    return {'name': name, 'config': config, 'tensors': tensors}


def cases():
    for parameters in CASES:
        yield case(*parameters)
