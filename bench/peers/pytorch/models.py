"""The workloads as PyTorch's users write them; `loss` takes the arrays of one batch."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

LAYERS = {'rnn': nn.RNN, 'gru': nn.GRU, 'lstm': nn.LSTM}


class CharLM(nn.Module):
    def __init__(self, p):
        super().__init__()
        layer = LAYERS[p['cell']]
        self.how = f'nn.{layer.__name__}, fused Adam'
        self.embedding = nn.Embedding(p['V'], p['E'])
        # Registered under the cell's name, as the problem's weights are.
        self.add_module(p['cell'], layer(p['E'], p['H']))
        self.recurrent = lambda x: self.get_submodule(p['cell'])(x)[0]
        self.head = nn.Linear(p['H'], p['V'])

    def loss(self, x, targets):
        logits = self.head(self.recurrent(self.embedding(x)))
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class Forecast(nn.Module):
    how = 'nn.LSTM, fused Adam'

    def __init__(self, p):
        super().__init__()
        self.lstm = nn.LSTM(p['I'], p['H'])
        self.head = nn.Linear(p['H'], p['I'])

    def loss(self, x, targets):
        return F.mse_loss(self.head(self.lstm(x)[0]), targets)


class Sentiment(nn.Module):
    how = 'nn.LSTM on packed sequences, fused Adam'

    def __init__(self, p):
        super().__init__()
        self.embedding = nn.Embedding(p['V'], p['E'])
        self.lstm = nn.LSTM(p['E'], p['H'], bidirectional=True)
        self.head = nn.Linear(2 * p['H'], 1)

    def loss(self, x, lengths, labels):
        packed = pack_padded_sequence(self.embedding(x), lengths, enforce_sorted=False)
        h = self.lstm(packed)[1][0]
        logits = self.head(torch.cat([h[0], h[1]], 1)).squeeze(1)
        return F.binary_cross_entropy_with_logits(logits, labels)


class AdditiveAttention(nn.Module):
    def __init__(self, H):
        super().__init__()
        self.query = nn.Linear(H, H, bias=False)
        self.key = nn.Linear(H, H, bias=False)
        self.score = nn.Linear(H, 1, bias=False)

    def forward(self, state, keys, memory):
        """state [B, H], keys [B, S, H] = key(memory), memory [B, S, H] -> context [B, H]"""
        scores = self.score(torch.tanh(self.query(state).unsqueeze(1) + keys))
        weights = torch.softmax(scores, 1)
        return torch.bmm(weights.transpose(1, 2), memory).squeeze(1)


class Seq2Seq(nn.Module):
    how = 'nn.GRU, nn.GRUCell, keys projected once, fused Adam'

    def __init__(self, p):
        super().__init__()
        self.source_embedding = nn.Embedding(p['V'], p['E'])
        self.encoder = nn.GRU(p['E'], p['H'])
        self.target_embedding = nn.Embedding(p['V'], p['E'])
        self.attention = AdditiveAttention(p['H'])
        self.decoder = nn.GRUCell(p['E'] + p['H'], p['H'])
        self.head = nn.Linear(p['H'], p['V'])

    def load_state_dict(self, state):
        """A cell's weights have no layer in their names."""
        cell = lambda name: name.replace('_l0', '') if name.startswith('decoder') else name
        super().load_state_dict({cell(name): values for name, values in state.items()})

    def loss(self, source, input, targets):
        memory, state = self.encoder(self.source_embedding(source))
        memory, state = memory.transpose(0, 1), state[0]
        keys = self.attention.key(memory)
        states = []
        for x in self.target_embedding(input):
            context = self.attention(state, keys, memory)
            state = self.decoder(torch.cat([x, context], 1), state)
            states.append(state)
        logits = self.head(torch.stack(states))
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class Attention(nn.MultiheadAttention):
    how = 'nn.MultiheadAttention without maps of weights'

    def __init__(self, p):
        super().__init__(p['D'], p['heads'], batch_first=True)
        self.x = nn.Parameter(torch.zeros(p['B'], p['T'], p['D']))

    def forward(self):
        return super().forward(self.x, self.x, self.x, need_weights=False)[0]

    def loss(self, targets):
        return F.mse_loss(self(), targets)


MODELS = {
    'char-lm': CharLM,
    'forecast': Forecast,
    'sentiment': Sentiment,
    'seq2seq': Seq2Seq,
    'attention': Attention,
}
