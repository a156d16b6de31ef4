"""Write fixtures/onnx/: what the importer of ONNX files is tested with.

    python tools/onnx_fixtures.py

One safetensors file per area; a case `c` is the tensors `c/model` (the file's bytes), `c/in/<name>` and `c/out/<name>`.

- node-*: the node cases of the ONNX project (`onnx.backend.test`) for every operator that hw5 knows, in the types it knows
- recurrent: random attributes of RNN, GRU and LSTM, answered by onnxruntime
- exported: PyTorch modules through torch.onnx.export, answered by PyTorch

Needs onnx, onnxruntime, safetensors and torch beside numpy.
"""

import io
import re
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from safetensors.numpy import save
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'fixtures' / 'onnx'
DTYPES = {np.dtype(name) for name in ('float32', 'float64', 'int32', 'int64', 'bool')}
# The areas whose cases are all kept; of the others those of up to 2 KB.
WHOLE = {'RNN', 'LSTM', 'GRU', 'Softmax', 'LogSoftmax', 'LayerNormalization', 'Gemm', 'MatMul', 'Attention'}
SMALL_BYTES = 2048


def known_operators():
    """The names in packages/core/src/onnx/ops."""
    names = set()
    for file in (ROOT / 'packages/core/src/onnx/ops').glob('*.ts'):
        names |= set(re.findall(r"^  ([A-Z]\w+):", file.read_text(), re.M))
        names |= {name for line in re.findall(r"\[('[A-Z]\w+'(?:, '[A-Z]\w+')*)\]", file.read_text()) for name in re.findall(r"\w+", line)}
        names |= set(re.findall(r"\b(Gather|GatherElements|MatMul|Gemm|Attention|Softplus): ?\w+", file.read_text()))
    return names & {schema.name for schema in onnx.defs.get_all_schemas()}


def put(tensors, name, model, inputs, outputs):
    tensors[f'{name}/model'] = np.frombuffer(model.SerializeToString(), np.uint8)
    for kind, values in (('in', inputs), ('out', outputs)):
        for key, value in values.items():
            tensors[f'{name}/{kind}/{key}'] = np.array(value, order='C')


def node_cases():
    known = known_operators()
    areas = {}
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        cases = collect_testcases(None)
    for case in cases:
        ops = {node.op_type for node in case.model.graph.node}
        # Dropout while training draws numbers of its own; hw5 runs graphs for inference.
        training = case.name.startswith('test_training_dropout') and 'zero_ratio' not in case.name
        if len(case.model.graph.node) != 1 or not ops <= known or 'expanded' in case.name or training:
            continue
        inputs, outputs = case.data_sets[0]
        arrays = [*inputs, *outputs]
        if not all(isinstance(a, (np.ndarray, np.generic)) and np.asarray(a).dtype in DTYPES for a in arrays):
            continue
        if not ops & WHOLE and sum(np.asarray(a).nbytes for a in arrays) > SMALL_BYTES:
            continue
        graph = case.model.graph
        if any(not t.type.HasField('tensor_type') for t in [*graph.input, *graph.output]):
            continue
        if any(t.type.tensor_type.elem_type not in (1, 6, 7, 9, 11) for t in [*graph.input, *graph.output]):
            continue
        area = next(iter(ops & WHOLE), 'other').lower()
        names_in = [value.name for value in graph.input]
        names_out = [value.name for value in graph.output]
        put(areas.setdefault(area, {}), case.name.removeprefix('test_'), case.model, dict(zip(names_in, inputs)), dict(zip(names_out, outputs)))
    return areas


ACTIVATIONS = ['Relu', 'Tanh', 'Sigmoid', 'Affine', 'LeakyRelu', 'ThresholdedRelu', 'ScaledTanh', 'HardSigmoid', 'Elu', 'Softsign', 'Softplus']
PARAMETERS = {'Affine': 2, 'LeakyRelu': 1, 'ThresholdedRelu': 1, 'ScaledTanh': 2, 'HardSigmoid': 2, 'Elu': 1}
CELLS = {'RNN': (1, 1), 'GRU': (3, 2), 'LSTM': (4, 3)}


def recurrent_cases(count=60):
    tensors = {}
    for seed in range(count):
        random = np.random.default_rng(seed)
        op = ['RNN', 'GRU', 'LSTM'][seed % 3]
        gates, functions = CELLS[op]
        T, B, I, H = (int(random.integers(1, high)) for high in (6, 4, 5, 6))
        direction = ['forward', 'reverse', 'bidirectional'][int(random.integers(3))]
        D = 2 if direction == 'bidirectional' else 1
        draw = lambda *shape: random.uniform(-1, 1, shape).astype(np.float32)
        attributes = {'hidden_size': H, 'direction': direction}
        if seed % 2:
            names, alphas, betas = [], [], []
            for _ in range(functions * D):
                name = ACTIVATIONS[int(random.integers(len(ACTIVATIONS)))]
                names.append(name)
                if PARAMETERS.get(name, 0) >= 1:
                    alphas.append(float(np.float32(random.uniform(0.1, 1))))
                if PARAMETERS.get(name, 0) == 2:
                    betas.append(float(np.float32(random.uniform(0.1, 1))))
            attributes['activations'] = names
            if alphas:
                attributes['activation_alpha'] = alphas
            if betas:
                attributes['activation_beta'] = betas
        if op == 'GRU':
            attributes['linear_before_reset'] = int(random.integers(2))
        if op == 'LSTM' and random.integers(4) == 0:
            attributes['input_forget'] = 1
        if random.integers(3) == 0:
            attributes['clip'] = 0.5
        feeds = {'X': draw(T, B, I)}
        weights = {'W': draw(D, gates * H, I), 'R': draw(D, gates * H, H)}
        names = ['X', 'W', 'R', '', '', '', '', '']
        if random.integers(2):
            names[3], weights['B'] = 'B', draw(D, 2 * gates * H)
        if random.integers(2):
            # onnxruntime leaves what lies behind a length of 0 undefined, so lengths start at 1.
            names[4], feeds['lens'] = 'lens', random.integers(1, T + 1, B).astype(np.int32)
        if random.integers(2):
            names[5], feeds['h0'] = 'h0', draw(D, B, H)
        if op == 'LSTM' and random.integers(2):
            names[6], feeds['c0'] = 'c0', draw(D, B, H)
        if op == 'LSTM' and random.integers(2) and 'input_forget' not in attributes:
            names[7], weights['P'] = 'P', draw(D, 3 * H)
        while names[-1] == '':
            names.pop()
        outputs = ['Y', 'Y_h', 'Y_c'] if op == 'LSTM' else ['Y', 'Y_h']
        node = helper.make_node(op, names, outputs, **attributes)
        kinds = {np.dtype('float32'): TensorProto.FLOAT, np.dtype('int32'): TensorProto.INT32}
        graph = helper.make_graph(
            [node],
            op,
            [helper.make_tensor_value_info(key, kinds[value.dtype], value.shape) for key, value in feeds.items()],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, None) for key in outputs],
            [numpy_helper.from_array(value, key) for key, value in weights.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 21)], ir_version=10)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])
        put(tensors, f'{op.lower()}-{seed}', model, feeds, dict(zip(outputs, session.run(outputs, feeds))))
    return {'recurrent': tensors}


class CharModel(nn.Module):
    def __init__(self, cell, **options):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.cell = getattr(nn, cell)(4, 5, **options)
        self.head = nn.Linear(10 if options.get('bidirectional') else 5, 7)

    def forward(self, ids):
        return self.head(self.cell(self.embedding(ids))[0])


class Encoder(nn.Module):
    def __init__(self, norm_first):
        super().__init__()
        self.embedding = nn.Embedding(7, 8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, 0.0, norm_first=norm_first, activation='gelu', batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, ids):
        return self.head(self.layer(self.embedding(ids)).mean(1))


class Attention(nn.Module):
    """Bahdanau's attention written out: tanh, matmul, softmax, masks by where."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.score = nn.Linear(4, 6), nn.Linear(4, 6, bias=False), nn.Linear(6, 1, bias=False)

    def forward(self, q, k, lengths):
        scores = self.score(torch.tanh(self.query(q).unsqueeze(1) + self.key(k))).squeeze(-1)
        mask = torch.arange(k.shape[1]) < lengths.unsqueeze(1)
        weights = torch.softmax(scores.masked_fill(~mask, float('-inf')), -1)
        return torch.bmm(weights.unsqueeze(1), k).squeeze(1), weights


def exported_cases():
    torch.manual_seed(0)
    ids = torch.randint(0, 7, (3, 6))
    sample = {
        'rnn-relu': (CharModel('RNN', nonlinearity='relu', batch_first=True), (ids,)),
        'gru-two-layers': (CharModel('GRU', num_layers=2), (ids,)),
        'lstm-bidirectional': (CharModel('LSTM', bidirectional=True, num_layers=2, batch_first=True), (ids,)),
        'transformer-post': (Encoder(False), (ids,)),
        'transformer-pre': (Encoder(True), (ids,)),
        'bahdanau': (Attention(), (torch.randn(3, 4), torch.randn(3, 6, 4), torch.tensor([6, 2, 4]))),
    }
    tensors = {}
    for name, (module, arguments) in sample.items():
        module.eval()
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            names = [f'in{i}' for i in range(len(arguments))]
            dynamic = {key: {0: 'a', 1: 'b'} for key, value in zip(names, arguments) if value.dim() > 1}
            torch.onnx.export(module, arguments, buffer, input_names=names, opset_version=17, dynamic_axes=dynamic, dynamo=False)
        model = onnx.load_from_string(buffer.getvalue())
        with torch.no_grad():
            results = module(*arguments)
        results = results if isinstance(results, tuple) else (results,)
        outputs = {info.name: value.numpy() for info, value in zip(model.graph.output, results)}
        put(tensors, name, model, {key: value.numpy() for key, value in zip(names, arguments)}, outputs)
    return {'exported': tensors}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    areas = {f'node-{name}': tensors for name, tensors in node_cases().items()} | recurrent_cases() | exported_cases()
    for name, tensors in areas.items():
        (FOLDER / f'{name}.safetensors').write_bytes(save(tensors))
        count = sum(key.endswith('/model') for key in tensors)
        print(f'{name}: {count} cases, {sum(value.nbytes for value in tensors.values())} bytes')


if __name__ == '__main__':
    main()
