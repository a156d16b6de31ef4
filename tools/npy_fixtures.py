"""Write fixtures/npy: small files by NumPy itself, one per type and layout that the reader must know.

    python tools/npy_fixtures.py

Every array counts 0, 1, 2, ... in row-major order, so a test can say what it must read.
"""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / 'fixtures' / 'npy'
TYPES = ['<f8', '<f4', '<f2', '<i8', '<u8', '<i4', '<u4', '<i2', '<u2', '|i1', '|u1', '|b1']


def counting(dtype, shape):
    return np.arange(np.prod(shape)).astype(dtype).reshape(shape)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for dtype in TYPES:
        np.save(FOLDER / f'{dtype[1:]}.npy', counting(dtype, (2, 3)))
    np.save(FOLDER / 'fortran.npy', np.asfortranarray(counting('<f4', (2, 3, 4))))
    np.save(FOLDER / 'scalar.npy', np.float64(7))
    np.save(FOLDER / 'empty.npy', np.zeros((0, 3), '<f4'))
    np.save(FOLDER / 'big-endian.npy', counting('>f4', (3,)))
    with open(FOLDER / 'version2.npy', 'wb') as file:
        np.lib.format.write_array(file, counting('<i4', (5,)), version=(2, 0))
    np.savez_compressed(FOLDER / 'pair.npz', weight=counting('<f4', (2, 2)), bias=counting('<f8', (3,)))
    np.save(FOLDER / 'objects.npy', np.array([{'a': 1}], dtype=object), allow_pickle=True)


if __name__ == '__main__':
    main()
