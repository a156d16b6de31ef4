/** .pt files: archives with pickles that call, nest, point outside, or are cut. */
import { deflateRawSync } from 'node:zlib';
import { zip } from './zip.mjs';

const utf8 = (text) => Buffer.from(text);
const op = (...parts) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.from([part]) : typeof part === 'string' ? utf8(part) : part,
    ),
  );
const PROTO = op(0x80, 2);
const STOP = 0x2e;
const text = (value) => {
  const bytes = utf8(value);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return op(0x58, size, bytes);
};
const global = (module, name) => op('c', `${module}\n${name}\n`);
const int = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return op('J', bytes);
};
const tuple = (...parts) => op('(', ...parts, 't');

/** An archive as torch.save writes it, around this pickle. */
function torch(pickle, { storage = Buffer.alloc(16, 1), more = [], method = 0 } = {}) {
  const bytes = op(PROTO, pickle, STOP);
  const packed = method === 8 ? deflateRawSync(bytes) : bytes;
  return zip([
    { name: 'm/data.pkl', bytes: packed, size: bytes.length, method },
    { name: 'm/data/0', bytes: storage },
    ...more,
  ]);
}

/** {name: tensor} with every part in the caller's hand. */
function tensor({
  type = 'FloatStorage',
  key = '0',
  offset = int(0),
  size = tuple(int(4)),
  stride = tuple(int(1)),
  name = 'a',
} = {}) {
  const storage = op(tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(4)), 'Q');
  const rebuilt = op(
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(storage, offset, size, stride, 0x89, op(0x7d)),
    'R',
  );
  return op('}', '(', text(name), rebuilt, 'u');
}

const good = torch(tensor());
const calls = [
  ['os', 'system'],
  ['posix', 'system'],
  ['nt', 'system'],
  ['builtins', 'eval'],
  ['builtins', 'exec'],
  ['__builtin__', 'eval'],
  ['builtins', 'getattr'],
  ['subprocess', 'Popen'],
  ['torch', 'load'],
  ['torch.serialization', 'load'],
  ['torch.hub', 'load'],
  ['importlib', 'import_module'],
  ['pickle', 'loads'],
  ['torch._utils', '_rebuild_tensor_v3'],
  ['torch.nn.modules.linear', 'Linear'],
  ['__main__', 'Model'],
  ['torch', 'FloatStorage.__init__'],
  ['__proto__', 'x'],
  ['constructor', 'constructor'],
  ['runpy', '_run_code'],
  ['webbrowser', 'open'],
  ['shutil', 'rmtree'],
];
const unknown = [
  0x69, 0x6f, 0x81, 0x92, 0x82, 0x83, 0x84, 0x50, 0x53, 0x54, 0x55, 0x42, 0x43, 0x8b, 0x8d, 0x8e, 0x8f, 0x90,
  0x91, 0x96, 0x97, 0x98, 0x46, 0x49, 0x4c, 0x56, 0x64, 0x6c, 0xff, 0x00,
];

export const files = [
  ...Array.from({ length: 14 }, (_, i) => {
    const bytes = 2 + Math.floor(((good.length - 2) * i) / 14);
    return [`cut to ${bytes} bytes`, good.subarray(0, bytes)];
  }),
  ...calls.map(([module, name]) => [
    `a call of ${module}.${name}`,
    torch(op(global(module, name), tuple(text('x')), 'R')),
  ]),
  ...unknown.map((code) => [`opcode 0x${code.toString(16)}`, torch(op('}', code, tensor()))]),
  ['a call by names on the stack', torch(op(text('os'), text('system'), 0x93, tuple(text('x')), 'R'))],
  ['a call of a text', torch(op(text('x'), tuple(), 'R'))],
  ['a call of a storage type', torch(op(global('torch', 'FloatStorage'), tuple(), 'R'))],
  ['an empty pickle', torch(Buffer.alloc(0))],
  ['a pickle without an end', zip([{ name: 'm/data.pkl', bytes: PROTO }])],
  ['a text longer than the pickle', torch(op('X', Buffer.from([0xff, 0xff, 0xff, 0xff])))],
  ['an unknown reference', torch(op('h', 9))],
  ['items of no dictionary', torch(op(']', '(', text('a'), text('b'), 'u'))],
  ['an odd number of items', torch(op('}', '(', text('a'), 'u'))],
  ['entries without a mark', torch(op(']', text('a'), 'e'))],
  ['100,000 nested lists', torch(op(Buffer.alloc(100_000, 0x5d), Buffer.alloc(99_999, 0x61)))],
  [
    '100,000 nested dictionaries',
    torch(op(...Array.from({ length: 100_000 }, () => op('}', text('a'))), '}', Buffer.alloc(100_000, 0x73))),
  ],
  ['a list in itself', torch(op(']', 'q', 0, 'h', 0, 'a'))],
  [
    'lists that double 60 times',
    torch(
      op(']', 'q', 0, ...Array.from({ length: 60 }, (_, i) => op(']', 'q', i + 1, 'h', i, 'a', 'h', i, 'a'))),
    ),
  ],
  ['a name of bad UTF-8', torch(op('X', Buffer.from([2, 0, 0, 0, 0xc3, 0x28])))],
  ['a storage that is not there', torch(tensor({ key: '7' }))],
  ...['../data.pkl', '../../etc/passwd', '/etc/passwd', '__proto__', ''].map((key) => [
    `storage ${JSON.stringify(key)}`,
    torch(tensor({ key })),
  ]),
  ...['ComplexFloatStorage', 'QUInt8Storage', '__proto__', 'UntypedStorage'].map((type) => [
    `a storage of ${type}`,
    torch(tensor({ type })),
  ]),
  ['a storage of 15 bytes', torch(tensor(), { storage: Buffer.alloc(15) })],
  ['a negative offset', torch(tensor({ offset: int(-1) }))],
  ['an offset beyond the storage', torch(tensor({ offset: int(1) }))],
  ['an offset of text', torch(tensor({ offset: text('0') }))],
  ['a negative size', torch(tensor({ size: tuple(int(-4)) }))],
  [
    'sizes beyond the storage',
    torch(tensor({ size: tuple(int(2 ** 31 - 1), int(2 ** 31 - 1)), stride: tuple(int(0), int(0)) })),
  ],
  ['a stride beyond the storage', torch(tensor({ stride: tuple(int(2 ** 31 - 1)) }))],
  ['a negative stride', torch(tensor({ stride: tuple(int(-1)) }))],
  ['more strides than sizes', torch(tensor({ stride: tuple(int(1), int(1)) }))],
  ['big-endian', torch(tensor(), { more: [{ name: 'm/byteorder', bytes: utf8('big') }] })],
  ['compressed', torch(tensor(), { method: 8 })],
  [
    'no data.pkl',
    zip([
      { name: 'm/data/0', bytes: Buffer.alloc(4) },
      { name: 'x/data.pklx', bytes: Buffer.alloc(4) },
    ]),
  ],
  ['a pickle without an archive', op(PROTO, tensor(), STOP)],
  ...['__proto__', 'constructor', '../x'].map((name) => [`a tensor named ${name}`, torch(tensor({ name }))]),
];
