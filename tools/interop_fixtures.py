"""Write fixtures/interop/: language models that PyTorch saved in every format that hw5 imports, and what they answer.

    python tools/interop_fixtures.py

<cell>.safetensors, .pt, .npz and .onnx hold one model; <cell>.answer.safetensors its logits of fixed ids. Needs torch, onnx
and safetensors beside numpy.
"""

import io
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch import nn

FOLDER = Path(__file__).resolve().parent.parent / 'fixtures' / 'interop'
V, E, H, L, T, B = 7, 4, 5, 2, 6, 3
CELLS = {'rnn': nn.RNN, 'gru': nn.GRU, 'lstm': nn.LSTM}


class Model(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.emb = nn.Embedding(V, E)
        self.layers = CELLS[cell](E, H, L)
        self.out = nn.Linear(H, V)

    def forward(self, ids):
        return self.out(self.layers(self.emb(ids))[0])


def main():
    FOLDER.mkdir(exist_ok=True)
    for seed, cell in enumerate(CELLS):
        torch.manual_seed(seed)
        model = Model(cell).eval()
        ids = torch.randint(0, V, (T, B))
        # As a larger program names its parts.
        state = {f'net.{name}': value for name, value in model.state_dict().items()}
        (FOLDER / f'{cell}.safetensors').write_bytes(save(state))
        torch.save(state, FOLDER / f'{cell}.pt')
        np.savez(FOLDER / f'{cell}.npz', **{name: value.numpy() for name, value in state.items()})
        with warnings.catch_warnings(), io.BytesIO() as file:
            warnings.simplefilter('ignore')
            torch.onnx.export(model, (ids,), file, input_names=['ids'], output_names=['logits'])
            (FOLDER / f'{cell}.onnx').write_bytes(file.getvalue())
        with torch.no_grad():
            answer = {'ids': ids.to(torch.int32), 'logits': model(ids)}
        (FOLDER / f'{cell}.answer.safetensors').write_bytes(save(answer))


main()
