"""Read mutated safetensors files with the Python reader and with hw5's, and compare who accepts what.

    python tools/diff_safetensors.py [--files 100000] [--seed 1]

Needs safetensors and a built repository (npm run build). Where only one reader accepts, the reason is looked up below; a
difference without one is printed with its bytes, and the exit code is 1.
"""

import argparse
import json
import random
import struct
import subprocess
from collections import Counter
from pathlib import Path

from safetensors import SafetensorError, deserialize

ROOT = Path(__file__).resolve().parent.parent
READER = """
import { safetensors } from '@hw5/core';
process.stdin.resume();
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const all = Buffer.concat(chunks);
const said = [];
for (let at = 0; at < all.length; ) {
  const size = all.readUInt32LE(at);
  const file = new Uint8Array(all.subarray(at + 4, at + 4 + size));
  at += 4 + size;
  try { safetensors.read(file); said.push(null); } catch (error) { said.push(error.code === undefined ? `CRASH ${error}` : error.message); }
}
console.log(JSON.stringify(said));
"""
# hw5 refuses, Python does not: what our message says, and why.
STRICTER = {
    'must be a JSON object, got': 'a header that begins with a space, which the specification forbids',
    'known dtype': 'a type that hw5 has no array for (8-bit and smaller floats, complex)',
    'no name may occur twice': 'a repeated name, of which Python keeps the last',
    'at most 8 whole numbers': 'more than 8 axes, or sizes beyond 2^53',
    'two data_offsets': 'offsets beyond 2^53',
    'nested at most 3': 'an unknown field with a nested value, which Python skips',
    'must span': 'sizes whose product JavaScript cannot hold exactly',
    'at least 10 bytes': 'a header shorter than {}',
}
def seeds():
    files = sorted((ROOT / 'fixtures' / 'interop').glob('*.safetensors')) + sorted((ROOT / 'fixtures' / 'lstm').glob('*.safetensors'))[:3]
    small = json.dumps({'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'b': {'dtype': 'I8', 'shape': [], 'data_offsets': [8, 9]}, '__metadata__': {'k': 'v'}})
    return [file.read_bytes() for file in files] + [struct.pack('<Q', len(small)) + small.encode() + bytes(9)] * 20


DIGITS = b'0123456789'
TELLING = b'0123456789{}[]":,.-e \\'
FIELDS = [b'"F32"', b'"F16"', b'"F64"', b'"BF16"', b'"I8"', b'"U64"', b'"BOOL"', b'"F8_E4M3"', b'"x"', b'null', b'[]', b'{}', b'1.0', b'1e0', b'-0', b'4294967296', b'18446744073709551616']


def mutated(data, rng):
    """A file whose header, length or data changed. Mostly the length fits the header, so that the header itself is read."""
    size = struct.unpack('<Q', data[:8])[0]
    head, tail = bytearray(data[8 : 8 + size]), bytearray(data[8 + size :])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(head) + 1)
        kind = rng.randrange(7)
        if kind == 0 and at < len(head):
            head[at] = rng.randrange(256)
        elif kind == 1 and at < len(head):
            head[at] = rng.choice(DIGITS if head[at] in DIGITS else TELLING)
        elif kind == 2:
            head[at:at] = bytes([rng.choice(TELLING)])
        elif kind == 3:
            del head[at : at + rng.randint(1, 3)]
        elif kind == 4:
            values = [i for i in range(len(head) - 1) if head[i] == 0x3A]
            if values:
                start = rng.choice(values) + 1
                end = min((i for i in (head.find(b',', start), head.find(b'}', start)) if i >= 0), default=len(head))
                head[start:end] = rng.choice(FIELDS)
        elif kind == 5:
            head[at:at] = b' ' * rng.randint(1, 9)
        else:
            tail = tail[: rng.randrange(len(tail) + 1)] if rng.random() < 0.5 else tail + bytes(rng.randint(1, 4))
    length = len(head) if rng.random() < 0.95 else rng.choice([0, size, size + 1, 2**63, 2**64 - 1])
    return struct.pack('<Q', length) + bytes(head) + bytes(tail)


def python_says(data):
    try:
        deserialize(data)
        return None
    except SafetensorError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a refusal of another kind is one, too
        return f'{type(error).__name__}: {error}'


def explained(ours, theirs):
    if theirs is not None:
        return None
    return next((why for part, why in STRICTER.items() if part in ours), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--files', type=int, default=100_000)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    pool = seeds()
    counts, reasons, unexplained = Counter(), Counter(), []
    for start in range(0, options.files, 5000):
        batch = [mutated(rng.choice(pool), rng) for _ in range(min(5000, options.files - start))]
        stream = b''.join(struct.pack('<I', len(data)) + data for data in batch)
        ran = subprocess.run(['node', '--input-type=module', '-e', READER], input=stream, stdout=subprocess.PIPE, check=True, cwd=ROOT)
        for data, ours in zip(batch, json.loads(ran.stdout), strict=True):
            theirs = python_says(data)
            counts[(ours is None, theirs is None)] += 1
            if (ours is None) == (theirs is None) and not (ours or '').startswith('CRASH'):
                continue
            why = explained(ours, theirs)
            if why is None:
                unexplained.append((ours, theirs, data[:200]))
            else:
                reasons[why] += 1
    print(f'{options.files} files: both accept {counts[True, True]}, both refuse {counts[False, False]}, hw5 alone refuses {counts[False, True]}, Python alone refuses {counts[True, False]}')
    for why, count in reasons.most_common():
        print(f'  {count}: {why}')
    for ours, theirs, data in unexplained[:20]:
        print(f'unexplained: hw5 {ours!r}, Python {theirs!r}: {data!r}')
    raise SystemExit(1 if unexplained else 0)


main()
