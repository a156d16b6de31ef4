"""RNN (tanh, relu), GRU and LSTM: layers, both directions, packed sequences; outputs, last states, every gradient."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixture_cases.case import Draw, differentiable_case

MODULES = {
    'rnn-tanh': lambda *sizes, **options: nn.RNN(*sizes, nonlinearity='tanh', **options),
    'rnn-relu': lambda *sizes, **options: nn.RNN(*sizes, nonlinearity='relu', **options),
    'gru': nn.GRU,
    'lstm': nn.LSTM,
}
GATES = {'rnn-tanh': 1, 'rnn-relu': 1, 'gru': 3, 'lstm': 4}

# layers, directions, T, B, I, H, bias, state, lengths; a whole sequence where there are none
PLAIN = [
    (1, 1, 3, 3, 3, 17, True, False, None),
    (1, 1, 17, 1, 9, 3, False, True, None),
    (2, 1, 5, 3, 3, 5, True, True, None),
]
# Lengths in no order, some equal, and (in the second) none that reaches T.
COURSES = [
    (1, 2, 5, 3, 3, 5, True, True, None),
    (2, 2, 4, 2, 5, 3, True, True, None),
    (1, 1, 7, 5, 3, 4, True, True, [3, 7, 1, 5, 3]),
    (1, 1, 6, 3, 2, 5, False, False, [2, 4, 1]),
    (2, 2, 6, 4, 3, 3, True, True, [6, 2, 5, 1]),
]
CASES = [
    (kind, *case)
    for kind in MODULES
    # The family lstm/ has the LSTM's whole sequences.
    for case in (COURSES if kind == 'lstm' else [*PLAIN, *COURSES])
]
# Long enough for a gradient to fade.
CASES.append(('gru', 1, 1, 129, 1, 2, 3, True, True, None))


def weights_of(draw, kind, layers, directions, size, hidden, bias):
    """PyTorch's names and shapes; U(-1/sqrt(H), 1/sqrt(H)) weights, biases away from zero and unequal."""
    bound, rows = 1 / hidden**0.5, GATES[kind] * hidden
    weights = {}
    for layer in range(layers):
        inner = size if layer == 0 else directions * hidden
        for suffix in ['', '_reverse'][:directions]:
            of = f'l{layer}{suffix}'
            weights[f'weight_ih_{of}'] = draw.uniform(rows, inner, low=-bound, high=bound)
            weights[f'weight_hh_{of}'] = draw.uniform(rows, hidden, low=-bound, high=bound)
            if bias:
                weights[f'bias_ih_{of}'] = draw.uniform(rows, low=-0.5, high=0.75)
                weights[f'bias_hh_{of}'] = draw.uniform(rows, low=-0.75, high=0.5)
    return weights


def recurrent_case(kind, layers, directions, steps, batch, size, hidden, bias, state, lengths):
    parts = [f'l{layers}', f't{steps}', f'b{batch}', f'i{size}', f'h{hidden}']
    marks = [
        ('bi', directions == 2),
        ('nobias', not bias),
        ('nostate', not state),
        ('packed', lengths is not None),
    ]
    name = f'recurrent/{kind}-' + '-'.join(parts + [mark for mark, on in marks if on])
    draw = Draw(name)
    inputs = {'x': draw.uniform(steps, batch, size, low=-1.5, high=1.5)}
    inputs.update(weights_of(draw, kind, layers, directions, size, hidden, bias))
    if state:
        inputs['h0'] = draw.uniform(layers * directions, batch, hidden)
        if kind == 'lstm':
            inputs['c0'] = draw.uniform(layers * directions, batch, hidden, low=-1.5, high=1.5)

    def forward(x, h0=None, c0=None, **weights):
        module = MODULES[kind](size, hidden, layers, bias=bias, bidirectional=directions == 2).to(x.dtype)
        given = (
            x
            if lengths is None
            else pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        )
        y, last = torch.func.functional_call(module, weights, (given, h0 if c0 is None else (h0, c0)))
        if lengths is not None:
            y, _ = pad_packed_sequence(y, total_length=steps)
        return (y, *last) if kind == 'lstm' else (y, last)

    config = {
        'kind': kind,
        'layers': layers,
        'bidirectional': directions == 2,
        'inputSize': size,
        'hiddenSize': hidden,
        'bias': bias,
        'state': state,
        'lengths': lengths,
    }
    return differentiable_case(
        name, config, inputs, forward, ['y', 'hn', 'cn'] if kind == 'lstm' else ['y', 'hn']
    )


def cases():
    for case in CASES:
        yield recurrent_case(*case)
