"""Write the fixtures that the Rust and TypeScript tests compare with: PyTorch on the CPU, seeded, small.

    python tools/fixtures.py            write fixtures/
    python tools/fixtures.py --check    compute everything again and compare it with fixtures/, write nothing

Every input is a float32 number drawn from NumPy's PCG64 by integer arithmetic alone, so the float32 and the float64
run of a case start from exactly the same numbers and inputs do not depend on the machine. Results may differ in the
last bits between processors (vector width decides the order of sums), so --check compares inputs bit for bit and
results within a tolerance; --check --exact asks for the same bytes. Writing leaves a file alone that agrees so far, so
that another processor changes nothing. fixtures/README.md describes the files; areas of their own are in fixture_cases/.
"""

import argparse
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from fixture_cases import attention, language_models, losses, models, norm, optim, recurrent, seq2seq
from fixture_cases.case import PRECISIONS, Draw, differentiable_case, to_numpy, to_torch

# Areas with a file of their own; `cases()` yields what they have.
AREAS = [attention, language_models, losses, models, norm, optim, recurrent, seq2seq]

FOLDER = Path(__file__).resolve().parent.parent / 'fixtures'
CHECK_TOLERANCE = {'F32': 5e-6, 'F64': 1e-12}
DTYPE_NAMES = {np.dtype('float32'): 'F32', np.dtype('float64'): 'F64', np.dtype('int32'): 'I32'}
DTYPES = {name: dtype for dtype, name in DTYPE_NAMES.items()}


# ---- files -------------------------------------------------------------------------------------------------------


def encode(tensors):
    """safetensors bytes: names sorted within a falling element size, header padded to 8 bytes, so data is aligned."""
    arrays = {name: np.asarray(value, order='C') for name, value in tensors.items()}
    names = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    header, offset = {}, 0
    for name in names:
        array = arrays[name]
        header[name] = {
            'dtype': DTYPE_NAMES[array.dtype],
            'shape': list(array.shape),
            'data_offsets': [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    body = b''.join(arrays[name].astype(arrays[name].dtype.newbyteorder('<')).tobytes() for name in names)
    return struct.pack('<Q', len(text)) + text + body


def decode(data):
    (length,) = struct.unpack('<Q', data[:8])
    header = json.loads(data[8 : 8 + length])
    return {
        name: np.frombuffer(
            data[slice(*(8 + length + end for end in entry['data_offsets']))], DTYPES[entry['dtype']]
        ).reshape(entry['shape'])
        for name, entry in header.items()
    }


# ---- LSTM --------------------------------------------------------------------------------------------------------

# layers, T, B, I, H, bias, state; `last`: only the last states enter the loss, so gradients fade over a long sequence
LSTM_CASES = [
    (1, 1, 1, 1, 1, True, True),
    (1, 3, 1, 3, 17, True, False),
    (1, 17, 3, 1, 33, True, True),
    (1, 33, 3, 17, 3, False, True),
    (1, 3, 17, 33, 17, True, True),
    (1, 17, 33, 3, 1, True, False),
    (1, 1, 33, 17, 33, False, False),
    (1, 33, 1, 33, 33, True, True),
    (2, 1, 1, 33, 1, True, True),
    (2, 3, 3, 3, 3, True, True),
    (2, 17, 1, 17, 33, True, False),
    (2, 3, 17, 1, 17, False, True),
    (2, 33, 3, 33, 17, True, True),
    (2, 17, 17, 3, 3, False, False),
    (1, 257, 3, 3, 17, True, True, True),
]


def lstm_case(layers, steps, batch, size, hidden, bias, state, last=False):
    name = f'lstm/l{layers}-t{steps}-b{batch}-i{size}-h{hidden}{"" if bias else "-nobias"}{"" if state else "-nostate"}{"-last" if last else ""}'
    draw = Draw(name)
    inputs = {'x': draw.uniform(steps, batch, size, low=-1.5, high=1.5)}
    inputs.update(recurrent.weights_of(draw, 'lstm', layers, 1, size, hidden, bias))
    if state:
        inputs['h0'] = draw.uniform(layers, batch, hidden)
        inputs['c0'] = draw.uniform(layers, batch, hidden, low=-1.5, high=1.5)

    def forward(x, h0=None, c0=None, **weights):
        module = nn.LSTM(size, hidden, layers, bias=bias).to(x.dtype)
        y, (hn, cn) = torch.func.functional_call(module, weights, (x, None if h0 is None else (h0, c0)))
        return y, hn, cn

    config = {
        'layers': layers,
        'steps': steps,
        'batch': batch,
        'inputSize': size,
        'hiddenSize': hidden,
        'bias': bias,
        'state': state,
        'last': last,
    }
    return differentiable_case(name, config, inputs, forward, ['y', 'hn', 'cn'], ['y'] if last else [])


# ---- one operation -----------------------------------------------------------------------------------------------


def linear_cases():
    for rows, size, outputs, bias in [
        (1, 1, 1, True),
        (3, 17, 33, True),
        (33, 3, 17, False),
        (17, 33, 1, True),
    ]:
        name = f'linear/r{rows}-i{size}-o{outputs}{"" if bias else "-nobias"}'
        draw = Draw(name)
        inputs = {'x': draw.uniform(rows, size), 'weight': draw.uniform(outputs, size)}
        if bias:
            inputs['bias'] = draw.uniform(outputs)
        yield differentiable_case(
            name,
            {'rows': rows, 'inputSize': size, 'outputSize': outputs, 'bias': bias},
            inputs,
            lambda x, weight, bias=None: (F.linear(x, weight, bias),),
            ['y'],
        )


def embedding_cases():
    for vocabulary, size, shape in [(1, 1, (1,)), (17, 3, (33,)), (33, 17, (3, 17))]:
        name = f'embedding/v{vocabulary}-e{size}-n{"x".join(map(str, shape))}'
        draw = Draw(name)
        inputs = {'ids': draw.integers(vocabulary, *shape), 'weight': draw.uniform(vocabulary, size)}
        config = {'vocabulary': vocabulary, 'size': size, 'shape': list(shape)}
        yield differentiable_case(
            name, config, inputs, lambda ids, weight: (F.embedding(ids, weight),), ['y']
        )


def cross_entropy_cases():
    for rows, classes, bound in [(1, 1, 1.0), (3, 17, 3.0), (33, 3, 3.0), (17, 33, 80.0)]:
        name = f'cross-entropy/r{rows}-c{classes}-s{bound:g}'
        draw = Draw(name)
        inputs = {
            'logits': draw.uniform(rows, classes, low=-bound, high=bound),
            'targets': draw.integers(classes, rows),
        }
        config = {'rows': rows, 'classes': classes, 'bound': bound}
        yield differentiable_case(
            name,
            config,
            inputs,
            lambda logits, targets: (F.cross_entropy(logits, targets).reshape(1),),
            ['y'],
        )


def softmax_cases():
    for operation, function in [('softmax', F.softmax), ('log-softmax', F.log_softmax)]:
        for rows, columns, bound in [(1, 1, 1.0), (3, 33, 4.0), (17, 3, 60.0)]:
            name = f'{operation}/r{rows}-c{columns}-s{bound:g}'
            inputs = {'x': Draw(name).uniform(rows, columns, low=-bound, high=bound)}
            config = {'rows': rows, 'columns': columns, 'bound': bound}
            yield differentiable_case(
                name, config, inputs, lambda x, function=function: (function(x, dim=-1),), ['y']
            )


# name, function, low, high: ranges that reach saturation without overflow in float32
UNARY = [
    ('neg', torch.neg, -3, 3),
    ('exp', torch.exp, -20, 20),
    ('log', torch.log, 2**-10, 40),
    ('sigmoid', torch.sigmoid, -20, 20),
    ('tanh', torch.tanh, -12, 12),
    ('relu', torch.relu, -3, 3),
    ('sqrt', torch.sqrt, 2**-10, 40),
    ('square', torch.square, -3, 3),
]


def unary_cases():
    for operation, function, low, high in UNARY:
        name = f'unary/{operation}'
        inputs = {'x': Draw(name).uniform(131, low=low, high=high)}
        yield differentiable_case(
            name, {'low': low, 'high': high}, inputs, lambda x, function=function: (function(x),), ['y']
        )


def binary_cases():
    for operation, function in [
        ('add', torch.add),
        ('sub', torch.sub),
        ('mul', torch.mul),
        ('div', torch.div),
    ]:
        for label, left, right in [
            ('same', (3, 17), (3, 17)),
            ('suffix', (3, 5, 17), (17,)),
            ('suffix-left', (17,), (3, 17)),
        ]:
            name = f'binary/{operation}-{label}'
            draw = Draw(name)
            inputs = {'a': draw.uniform(*left), 'b': draw.uniform(*right, low=0.25, high=2.0)}
            yield differentiable_case(
                name, {}, inputs, lambda a, b, function=function: (function(a, b),), ['y']
            )


def matmul_cases():
    for m, n, k in [
        (1, 1, 1),
        (1, 33, 17),
        (17, 1, 33),
        (33, 17, 3),
        (17, 33, 65),
        (9, 17, 520),
        (133, 9, 33),
        (9, 300, 17),
    ]:
        name = f'matmul/m{m}-n{n}-k{k}'
        draw = Draw(name)
        inputs = {'a': draw.uniform(m, k), 'b': draw.uniform(k, n)}
        yield differentiable_case(name, {'m': m, 'n': n, 'k': k}, inputs, lambda a, b: (a @ b,), ['y'])


# ---- optimisers --------------------------------------------------------------------------------------------------

ADAM_CASES = [
    ('adam', torch.optim.Adam, {'lr': 2e-3, 'betas': (0.9, 0.999), 'eps': 1e-8, 'weight_decay': 0.0}),
    ('adam-decay', torch.optim.Adam, {'lr': 2e-3, 'betas': (0.9, 0.999), 'eps': 1e-8, 'weight_decay': 0.01}),
    ('adamw', torch.optim.AdamW, {'lr': 2e-3, 'betas': (0.9, 0.999), 'eps': 1e-8, 'weight_decay': 0.0}),
    (
        'adamw-decay',
        torch.optim.AdamW,
        {'lr': 2e-3, 'betas': (0.9, 0.999), 'eps': 1e-8, 'weight_decay': 0.01},
    ),
    ('adamw-betas', torch.optim.AdamW, {'lr': 0.05, 'betas': (0.7, 0.95), 'eps': 1e-3, 'weight_decay': 0.1}),
]


def adam_cases():
    """Ten updates of one tensor by given gradients; the parameters after each of them, and the final moments."""
    for label, optimiser_class, options in ADAM_CASES:
        name = f'optim/{label}'
        draw = Draw(name)
        params, grads = draw.uniform(37), draw.uniform(10, 37) * draw.uniform(10, 1, low=0.01, high=4.0)
        tensors = {'in.params': params, 'in.grads': grads}
        for precision, dtype in PRECISIONS.items():
            leaf = to_torch(params, dtype, grad=True)
            optimiser = optimiser_class([leaf], **options)
            trace = []
            for grad in grads:
                leaf.grad = to_torch(grad, dtype)
                optimiser.step()
                trace.append(to_numpy(leaf))
            tensors[f'{precision}.params'] = np.stack(trace)
            tensors[f'{precision}.exp_avg'] = to_numpy(optimiser.state[leaf]['exp_avg'])
            tensors[f'{precision}.exp_avg_sq'] = to_numpy(optimiser.state[leaf]['exp_avg_sq'])
        config = {
            'decoupled': optimiser_class is torch.optim.AdamW,
            'lr': options['lr'],
            'beta1': options['betas'][0],
            'beta2': options['betas'][1],
            'eps': options['eps'],
            'weightDecay': options['weight_decay'],
        }
        yield {'name': name, 'config': config, 'tensors': tensors}


def clip_cases():
    for label, maximum, scale in [('active', 1.0, 1.0), ('inactive', 100.0, 1.0), ('tiny', 1.0, 2.0**-20)]:
        name = f'clip/{label}'
        draw = Draw(name)
        grads = [
            draw.uniform(3, 17) * np.float32(scale),
            draw.uniform(33) * np.float32(scale),
            draw.uniform(1) * np.float32(scale),
        ]
        tensors = {f'in.grad{i}': grad for i, grad in enumerate(grads)}
        for precision, dtype in PRECISIONS.items():
            leaves = [to_torch(np.zeros_like(grad), dtype, grad=True) for grad in grads]
            for leaf, grad in zip(leaves, grads, strict=True):
                leaf.grad = to_torch(grad, dtype)
            norm = nn.utils.clip_grad_norm_(leaves, maximum)
            tensors[f'{precision}.norm'] = to_numpy(norm).reshape(1)
            tensors.update({f'{precision}.grad{i}': to_numpy(leaf.grad) for i, leaf in enumerate(leaves)})
        yield {'name': name, 'config': {'maxNorm': maximum, 'count': len(grads)}, 'tensors': tensors}


# ---- a character model, twenty steps -----------------------------------------------------------------------------

WORDS = 'the cell keeps a state and the gate lets a part of it go so the net reads one sign at a time'.split()


class CharLM(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, ids, state):
        y, state = self.lstm(self.embedding(ids), state)
        return self.head(y), state


def char_lm_case(layers, clip):
    steps, window, batch, embedding, hidden, lr = 20, 16, 4, 8, 16, 2e-3
    name = f'char-lm/layers{layers}'
    draw = Draw(name)

    text = ''
    while len(text) < batch * steps * window + 1:
        text += ' '.join(WORDS[i] for i in draw.integers(len(WORDS), 7)) + '.\n'
    text = text[: batch * steps * window + 1]
    alphabet = sorted(set(text))
    ids = np.array([alphabet.index(character) for character in text], dtype=np.int32)
    stream = steps * window  # stream b reads ids[b*stream : (b+1)*stream]; a target is the next id
    x = ids[:-1].reshape(batch, steps, window).transpose(1, 2, 0).copy()  # [steps, T, B]
    targets = ids[1:].reshape(batch, steps, window).transpose(1, 2, 0).copy()

    vocabulary = len(alphabet)
    bound = 1 / hidden**0.5
    weights = {'embedding.weight': draw.uniform(vocabulary, embedding)}
    weights.update(
        {
            f'lstm.{key}': value
            for key, value in recurrent.weights_of(draw, 'lstm', layers, 1, embedding, hidden, True).items()
        }
    )
    # A wide head: gradient norms lie on both sides of the clipping threshold.
    weights['head.weight'] = draw.uniform(vocabulary, hidden, low=-8 * bound, high=8 * bound)
    weights['head.bias'] = draw.uniform(vocabulary, low=-bound, high=bound)

    tensors = {'in.text': ids, 'in.x': x, 'in.targets': targets}
    tensors.update({f'in.{key}': value for key, value in weights.items()})
    for precision, dtype in PRECISIONS.items():
        model = CharLM(vocabulary, embedding, hidden, layers).to(dtype)
        model.load_state_dict({key: to_torch(value, dtype) for key, value in weights.items()})
        optimiser = torch.optim.Adam(model.parameters(), lr=lr)
        state, losses, norms = None, [], []
        for step in range(steps):
            optimiser.zero_grad()
            logits, state = model(torch.tensor(x[step].astype(np.int64)), state)
            state = tuple(part.detach() for part in state)
            loss = F.cross_entropy(
                logits.reshape(-1, vocabulary), torch.tensor(targets[step].astype(np.int64)).reshape(-1)
            )
            loss.backward()
            if step == 0:
                tensors.update(
                    {
                        f'{precision}.grad.{key}': to_numpy(value.grad)
                        for key, value in model.named_parameters()
                    }
                )
            norms.append(to_numpy(nn.utils.clip_grad_norm_(model.parameters(), clip)))
            optimiser.step()
            losses.append(to_numpy(loss))
        tensors[f'{precision}.losses'] = np.stack(losses)
        tensors[f'{precision}.norms'] = np.stack(norms)
        tensors.update({f'{precision}.{key}': to_numpy(value) for key, value in model.state_dict().items()})
        tensors[f'{precision}.hn'], tensors[f'{precision}.cn'] = map(to_numpy, state)
    config = {
        'layers': layers,
        'steps': steps,
        'window': window,
        'batch': batch,
        'stream': stream,
        'vocabulary': ''.join(alphabet),
        'embeddingSize': embedding,
        'hiddenSize': hidden,
        'clip': clip,
        'lr': lr,
        'beta1': 0.9,
        'beta2': 0.999,
        'eps': 1e-8,
    }
    return {'name': name, 'config': config, 'tensors': tensors}


# ---- all of it ---------------------------------------------------------------------------------------------------


def cases():
    for parameters in LSTM_CASES:
        yield lstm_case(*parameters)
    for family in (
        linear_cases,
        embedding_cases,
        cross_entropy_cases,
        softmax_cases,
        unary_cases,
        binary_cases,
        matmul_cases,
    ):
        yield from family()
    yield from adam_cases()
    yield from clip_cases()
    yield char_lm_case(1, 1.0)
    yield char_lm_case(2, 1.0)
    for area in AREAS:
        yield from area.cases()


def build():
    """Every file's bytes by its path under fixtures/."""
    files, index = {}, []
    for case in sorted(cases(), key=lambda case: case['name']):
        path = case['name'] + '.safetensors'
        files[path] = encode(case['tensors'])
        index.append({'name': case['name'], 'file': path, 'config': case['config']})
    lines = ',\n'.join('    ' + json.dumps(entry) for entry in index)
    files['index.json'] = (
        f'{{\n  "torch": "{torch.__version__.split("+")[0]}",\n  "cases": [\n{lines}\n  ]\n}}\n'.encode()
    )
    return files


def differences(path, expected, found):
    """What differs between two safetensors files: inputs bit for bit, results relative to the tensor's largest entry."""
    old, new = decode(found), decode(expected)
    if set(old) != set(new):
        yield f'{path}: tensors {sorted(set(old) ^ set(new))} are in only one of the two'
        return
    for name, value in new.items():
        other = old[name]
        if value.shape != other.shape or value.dtype != other.dtype:
            yield f'{path}: {name} is {other.dtype}{list(other.shape)}, expected {value.dtype}{list(value.shape)}'
        elif name.startswith('in.'):
            if value.tobytes() != other.tobytes():
                yield f'{path}: input {name} differs'
        else:
            scale = max(float(np.abs(value).max(initial=0)), 1e-30)
            error = float(np.abs(value.astype(np.float64) - other).max(initial=0)) / scale
            if not error <= CHECK_TOLERANCE[DTYPE_NAMES[value.dtype]]:
                yield f'{path}: {name} differs by {error:.2e} of its largest entry'


# What other scripts of this folder write; fixtures/README.md says which.
ELSEWHERE = {'README.md', 'keras-layers.safetensors', 'npy', 'onnx', 'torch-files'}


def check(files, exact):
    problems, same = [], 0
    paths = (path.relative_to(FOLDER) for path in FOLDER.rglob('*') if path.is_file())
    present = {str(path) for path in paths if path.parts[0] not in ELSEWHERE}
    problems += [f'{path}: not written by this script' for path in sorted(present - set(files))]
    for path, expected in files.items():
        if path not in present:
            problems.append(f'{path}: missing')
            continue
        found = (FOLDER / path).read_bytes()
        if found == expected:
            same += 1
        elif exact or path == 'index.json':
            problems.append(f'{path}: bytes differ')
        else:
            problems += differences(path, expected, found)
    print('\n'.join(problems + [f'{len(files)} files, {same} identical, {len(problems)} problems']))
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--check', action='store_true', help='compare with fixtures/ and write nothing')
    parser.add_argument('--exact', action='store_true', help='with --check: ask for the same bytes')
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    files = build()
    if options.check:
        return check(files, options.exact)
    written = 0
    for path, data in files.items():
        target = FOLDER / path
        if path != 'index.json' and target.exists() and not any(differences(path, data, target.read_bytes())):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written += 1
    print(f'{len(files)} files, {written} written, {sum(map(len, files.values()))} bytes')
    return 0


if __name__ == '__main__':
    sys.exit(main())
