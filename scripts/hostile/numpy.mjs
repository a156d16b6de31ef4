/** .npy and .npz files that are cut, lie about sizes, or hold what is no number. */
import { deflateRawSync } from 'node:zlib';
import { zip } from './zip.mjs';

/** A .npy file with this header text. */
export function npy(header, data = Buffer.alloc(0), { version = 1, length } = {}) {
  const text = Buffer.from(header, 'latin1');
  const head = Buffer.alloc(version === 1 ? 10 : 12);
  Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]).copy(head);
  if (version === 1) head.writeUInt16LE(length ?? text.length, 8);
  else head.writeUInt32LE(length ?? text.length, 8);
  return Buffer.concat([head, text, data]);
}

const literal = (descr, shape, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
export const good = npy(literal("'<f4'", '(2, 3)'), Buffer.alloc(24, 1));

const arrays = [
  ...Array.from({ length: 14 }, (_, i) => {
    const bytes = Math.floor((good.length * i) / 14);
    return [`npy cut to ${bytes} bytes`, good.subarray(0, bytes)];
  }),
  ...[0, 4, 255].map((version) => [
    `npy version ${version}`,
    Buffer.concat([good.subarray(0, 6), Buffer.from([version]), good.subarray(7)]),
  ]),
  ...[65535, 40_000].map((length) => [
    `npy header length ${length}`,
    npy(literal("'<f4'", '(1,)'), Buffer.alloc(4), { length }),
  ]),
  [
    'npy header length 2^32 - 1',
    npy(literal("'<f4'", '(1,)'), Buffer.alloc(4), { version: 2, length: 2 ** 32 - 1 }),
  ],
  ...[
    "'|O'",
    "'<U5'",
    "'>f4'",
    "'<c8'",
    "'<f16'",
    "'|V8'",
    "[('a', '<f4')]",
    "'<f3'",
    "'<M8[ns]'",
    "'__proto__'",
    "''",
    'None',
    "'|S3'",
  ].map((descr) => [`npy of type ${descr}`, npy(literal(descr, '(1,)'), Buffer.alloc(8))]),
  ...[
    '(-1,)',
    '(1e9,)',
    '(999999999999999,)',
    '(999999999999999, 999999999999999)',
    `(${'1, '.repeat(33)})`,
    '()',
    '(2,)',
    '(0,)',
    '(1.5,)',
    "(__import__('os').system('x'),)",
    '[1]',
    'None',
    `(${'9'.repeat(1000)},)`,
    `(${'1, '.repeat(20_000)})`,
  ].map((shape) => [
    `npy of shape ${shape.slice(0, 40)} (${shape.length} characters) with 6 bytes`,
    npy(literal("'<f4'", shape), Buffer.alloc(6)),
  ]),
  ...['maybe', '1', 'false', ''].map((order) => [
    `npy in order ${order || 'nothing'}`,
    npy(literal("'<f4'", '(1,)', order), Buffer.alloc(4)),
  ]),
  ...['', '{}', 'not a literal', "{'descr': '<f4'}", `${'('.repeat(60_000)}`].map((header) => [
    `npy with header ${JSON.stringify(header.slice(0, 20))}`,
    npy(header, Buffer.alloc(4)),
  ]),
  ['npy with 1 byte more', Buffer.concat([good, Buffer.alloc(1)])],
  ['another file', Buffer.from('not an array at all')],
];

const whole = zip([{ name: 'a.npy', bytes: good }]);
const zeros = deflateRawSync(Buffer.alloc(64 * 2 ** 20));
const archives = [
  ...Array.from({ length: 12 }, (_, i) => {
    const bytes = 2 + Math.floor(((whole.length - 2) * i) / 12);
    return [`npz cut to ${bytes} bytes`, whole.subarray(0, bytes)];
  }),
  [
    'npz that unpacks to 64 MiB from 64 kB, and says 16 bytes',
    zip([{ name: 'a.npy', bytes: zeros, method: 8, size: 16 }]),
  ],
  ['npz that says 4 GiB', zip([{ name: 'a.npy', bytes: zeros, method: 8, size: 2 ** 32 - 1 }])],
  [
    'npz of 3 entries that say 600 MiB each',
    zip(
      ['a', 'b', 'c'].map((name) => ({ name: `${name}.npy`, bytes: zeros, method: 8, size: 600 * 2 ** 20 })),
    ),
  ],
  ['npz with an unknown compression', zip([{ name: 'a.npy', bytes: good, method: 99 }])],
  [
    'npz with damaged compression',
    zip([{ name: 'a.npy', bytes: Buffer.alloc(50, 0xff), method: 8, size: 100 }]),
  ],
  ['npz that says 65535 entries', zip([{ name: 'a.npy', bytes: good }], { count: 65_535 })],
  [
    'npz with a name twice',
    zip([
      { name: 'a.npy', bytes: good },
      { name: 'a.npy', bytes: good },
    ]),
  ],
  ['npz whose entry starts beyond the end', zip([{ name: 'a.npy', bytes: good, at: 2 ** 31 }])],
  [
    'npz whose entry is longer than the file',
    zip([{ name: 'a.npy', bytes: good, packed: 2 ** 31, size: 2 ** 31 }]),
  ],
  ['npz inside an npz', zip([{ name: 'a.npz', bytes: whole }])],
  ['npz without entries', zip([])],
  ...['../../etc/passwd', '/etc/passwd', '..\\x', 'C:\\x', '__proto__', 'constructor', 'a.txt', ''].flatMap(
    (name) => [
      [`npz with a file ${JSON.stringify(name)}`, zip([{ name, bytes: good }])],
      [`npz with an array ${JSON.stringify(`${name}.npy`)}`, zip([{ name: `${name}.npy`, bytes: good }])],
    ],
  ),
  ...arrays.slice(14, 30).map(([name, bytes]) => [`npz with ${name}`, zip([{ name: 'a.npy', bytes }])]),
];

export { archives, arrays };
