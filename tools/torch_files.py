"""Write fixtures/torch-files/: files of torch.save that the reader of PyTorch's weights is tested with.

    python tools/torch_files.py
"""

import os
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).resolve().parent.parent / 'fixtures' / 'torch-files'


class Evil:
    """A pickle that runs a command when Python loads it."""

    def __reduce__(self):
        return (os.system, ('echo owned',))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    lstm = nn.LSTM(2, 3, bidirectional=True)
    numbers = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 4
    kinds = {str(kind).removeprefix('torch.'): numbers.to(kind) for kind in (
        torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
    )}
    torch.save(lstm.state_dict(), FOLDER / 'lstm.pt')
    torch.save(kinds, FOLDER / 'kinds.pt')
    # Views of one storage: transposed, a column, every second row; and a parameter, a scalar, an empty tensor.
    torch.save(
        {
            'whole': numbers, 'transposed': numbers.t(), 'column': numbers[:, 1], 'rows': numbers[::2],
            'parameter': nn.Parameter(numbers[0]), 'scalar': torch.tensor(1.5), 'empty': torch.zeros(0, 3),
        },
        FOLDER / 'views.pt',
    )
    optimizer = torch.optim.Adam(lstm.parameters(), lr=0.5)
    lstm(torch.ones(1, 1, 2))[0].sum().backward()
    optimizer.step()
    torch.save({'epoch': 3, 'note': 'سلام', 'model': {'w': numbers}, 'optimizer': optimizer.state_dict()}, FOLDER / 'checkpoint.pt')
    torch.save({'w': numbers}, FOLDER / 'protocol-4.pt', pickle_protocol=4)
    torch.save({'w': numbers}, FOLDER / 'legacy.pt', _use_new_zipfile_serialization=False)
    torch.save(lstm, FOLDER / 'whole-module.pt')
    torch.save({'w': numbers, 'evil': Evil()}, FOLDER / 'evil.pt')
    with zipfile.ZipFile(FOLDER / 'other.zip', 'w') as archive:
        archive.writestr('readme.txt', 'not weights')
    # The answer, written by another library.
    state = torch.load(FOLDER / 'lstm.pt', weights_only=True)
    save_file({key: value.contiguous() for key, value in state.items()}, FOLDER / 'lstm.safetensors')


if __name__ == '__main__':
    main()
