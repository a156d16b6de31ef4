"""An encoder-decoder with attention, written as PyTorch's users write it: logits, alignment, gradients, 50 steps."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixture_cases.case import PRECISIONS, Draw, to_numpy

STEPS = 50
LAYERS = {'rnn': nn.RNN, 'gru': nn.GRU, 'lstm': nn.LSTM}
CELLS = {'rnn': nn.RNNCell, 'gru': nn.GRUCell, 'lstm': nn.LSTMCell}

# cell, bidirectional, attention, (source, target, embedding, hidden), lengths of sources, T
CASES = [
    ('gru', False, 'additive', (5, 6, 3, 4), [5, 3, 4], 4),
    ('lstm', True, 'dot', (5, 6, 3, 4), [4, 1], 3),
    ('rnn', True, 'additive', (4, 5, 2, 3), [3, 3], 5),
    ('lstm', False, 'dot', (7, 3, 5, 9), [6, 2, 4], 3),
]


class Additive(nn.Module):
    def __init__(self, hidden, memory):
        super().__init__()
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.key = nn.Linear(memory, hidden, bias=False)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(self, state, memory):
        return self.score(torch.tanh(self.query(state).unsqueeze(1) + self.key(memory))).squeeze(2)


class Dot(nn.Module):
    def __init__(self, hidden, memory):
        super().__init__()
        if memory != hidden:
            self.key = nn.Linear(memory, hidden, bias=False)

    def forward(self, state, memory):
        keys = self.key(memory) if hasattr(self, 'key') else memory
        return torch.einsum('bh,bsh->bs', state, keys)


class Seq2Seq(nn.Module):
    def __init__(self, cell, bidirectional, attention, sizes):
        super().__init__()
        source, target, embedding, hidden = sizes
        memory = 2 * hidden if bidirectional else hidden
        self.cell = cell
        self.source_embedding = nn.Embedding(source, embedding)
        self.encoder = LAYERS[cell](embedding, hidden, bidirectional=bidirectional)
        if bidirectional:
            self.bridge = nn.Linear(memory, hidden)
            if cell == 'lstm':
                self.bridge_c = nn.Linear(memory, hidden)
        self.target_embedding = nn.Embedding(target, embedding)
        self.attention = (Additive if attention == 'additive' else Dot)(hidden, memory)
        self.decoder = CELLS[cell](embedding + memory, hidden)
        self.head = nn.Linear(hidden, target)

    def start(self, states, bridge):
        if states.shape[0] == 1:
            return states[0]
        return torch.tanh(getattr(self, bridge)(torch.cat([states[0], states[1]], 1)))

    def forward(self, source, given, lengths):
        packed = pack_padded_sequence(self.source_embedding(source), lengths, enforce_sorted=False)
        output, last = self.encoder(packed)
        memory = pad_packed_sequence(output, total_length=len(source))[0].transpose(0, 1)
        hidden = torch.arange(len(source))[None, :] >= lengths[:, None]
        if self.cell == 'lstm':
            state = (self.start(last[0], 'bridge'), self.start(last[1], 'bridge_c'))
        else:
            state = self.start(last, 'bridge')
        states, alignment = [], []
        for x in self.target_embedding(given):
            h = state[0] if self.cell == 'lstm' else state
            weights = self.attention(h, memory).masked_fill(hidden, -torch.inf).softmax(1)
            context = torch.einsum('bs,bsm->bm', weights, memory)
            state = self.decoder(torch.cat([x, context], 1), state)
            states.append(state[0] if self.cell == 'lstm' else state)
            alignment.append(weights)
        return self.head(torch.stack(states)), torch.stack(alignment, 1)


def seq2seq_case(cell, bidirectional, attention, sizes, lengths, steps):
    name = f'seq2seq/{cell}{"-both" if bidirectional else ""}-{attention}-b{len(lengths)}-t{steps}'
    draw = Draw(name)
    longest = max(lengths)
    inputs = {
        'source': draw.integers(sizes[0], longest, len(lengths)),
        'input': draw.integers(sizes[1], steps, len(lengths)),
        'targets': draw.integers(sizes[1], steps, len(lengths)),
    }
    shapes = Seq2Seq(cell, bidirectional, attention, sizes).state_dict()
    inputs.update({key: draw.uniform(*value.shape) for key, value in shapes.items()})
    tensors = {f'in.{key}': value for key, value in inputs.items()}
    for precision, dtype in PRECISIONS.items():
        model = Seq2Seq(cell, bidirectional, attention, sizes).to(dtype)
        model.load_state_dict({key: torch.tensor(inputs[key]).to(dtype) for key in shapes})
        source, given, targets = (
            torch.tensor(inputs[key].astype(np.int64)) for key in ('source', 'input', 'targets')
        )
        optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
        losses = []
        for step in range(STEPS):
            optimiser.zero_grad()
            logits, alignment = model(source, given, torch.tensor(lengths))
            loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
            loss.backward()
            if step == 0:
                tensors[f'{precision}.logits'] = to_numpy(logits)
                tensors[f'{precision}.alignment'] = to_numpy(alignment)
                for key, parameter in model.named_parameters():
                    tensors[f'{precision}.grad.{key}'] = to_numpy(parameter.grad)
            optimiser.step()
            losses.append(loss.item())
        tensors[f'{precision}.losses'] = np.array(losses, dtype=np.float32 if precision == 'f32' else np.float64)
    config = {
        'cell': cell,
        'bidirectional': bidirectional,
        'attention': attention,
        'sizes': list(sizes),
        'lengths': lengths,
    }
    return {'name': name, 'config': config, 'tensors': tensors}


def cases():
    for case in CASES:
        yield seq2seq_case(*case)
