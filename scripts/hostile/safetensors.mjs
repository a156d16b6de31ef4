/** safetensors files that break one promise of the format each. */
const F32 = (shape, start, end) => ({ dtype: 'F32', shape, data_offsets: [start, end] });
const utf8 = (text) => Buffer.from(text);

/** A file of a header (an object, a string or bytes) and data; `length` is what its first 8 bytes claim. */
export function safetensors(header, data = Buffer.alloc(0), length) {
  const json = Buffer.isBuffer(header)
    ? header
    : utf8(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt.asUintN(64, BigInt(length ?? json.length)));
  return Buffer.concat([size, json, data]);
}

const data = (bytes) => Buffer.alloc(bytes, 1);
export const good = safetensors(
  { a: F32([2, 2], 0, 16), b: F32([3], 16, 28), __metadata__: { format: 'pt' } },
  data(28),
);

const truncated = Array.from({ length: 24 }, (_, i) => {
  const bytes = Math.floor((good.length * i) / 24);
  return [`cut to ${bytes} of ${good.length} bytes`, good.subarray(0, bytes)];
});

const lengths = [
  0n,
  1n,
  2n,
  100_000_001n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
].map((length) => [`header length ${length}`, safetensors({ a: F32([1], 0, 4) }, data(4), length)]);

const headers = [
  '[]',
  'null',
  '42',
  '"text"',
  'true',
  '{',
  '{]',
  '{"a":}',
  '{"a":1,}',
  "{'a':1}",
  '{}x',
  '{"a":NaN}',
  '// {}',
  '\ufeff{}',
  ' {}',
  '{"a"',
  '{"a":undefined}',
  '[{"a":1}]',
  '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}',
].map((text) => [`header ${JSON.stringify(text)}`, safetensors(text, data(4))]);

const badUtf8 = [
  [0xff],
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc0, 0x80],
  [0xe2, 0x82],
].map((bytes) => [
  `name of bytes ${bytes.map((b) => b.toString(16)).join(' ')}, no UTF-8`,
  safetensors(
    Buffer.concat([
      utf8('{"'),
      Buffer.from(bytes),
      utf8('":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
    ]),
    data(4),
  ),
]);

const nested = [1000, 10_000, 100_000].flatMap((depth) => [
  [`an entry of ${depth} brackets`, safetensors(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)],
  [`an entry of ${depth} braces`, safetensors(`{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)],
]);

const dtypes = ['F128', 'f32', '', null, 7, {}, [], '__proto__', 'constructor', 'F8_E4M3', 'C64'].map(
  (dtype) => [
    `dtype ${JSON.stringify(dtype)}`,
    safetensors({ a: { dtype, shape: [1], data_offsets: [0, 4] } }, data(4)),
  ],
);

const shapes = [
  [-1],
  [1.5],
  ['1'],
  [null],
  [2 ** 53],
  [2 ** 53 - 1, 2],
  [2 ** 32, 2 ** 32],
  [2 ** 21, 2 ** 21, 2 ** 21, 2 ** 21],
  [1e308],
  [[1]],
  [{}],
  Array(9).fill(1),
  Array(100_000).fill(1),
  'abc',
  7,
  null,
  {},
  [2],
  [0],
  [1, 2],
  [true],
].map((shape) => [
  `shape ${JSON.stringify(shape)?.slice(0, 40)} for 4 bytes`,
  safetensors({ a: { dtype: 'F32', shape, data_offsets: [0, 4] } }, data(4)),
]);

const offsets = [
  [4, 0],
  [-4, 0],
  [0, 8],
  [0.5, 4.5],
  [0],
  [0, 4, 8],
  [],
  ['0', '4'],
  [0, 2 ** 53],
  [2 ** 53 - 4, 2 ** 53],
  [null, 4],
  [4, 8],
  [1, 5],
  'x',
  7,
  null,
  {},
  [0, 3],
  [0, 5],
  [-0.1, 4],
  [[0], [4]],
].map((data_offsets) => [
  `offsets ${JSON.stringify(data_offsets)} for 4 bytes`,
  safetensors({ a: { dtype: 'F32', shape: [1], data_offsets } }, data(4)),
]);

const layouts = [
  ['two tensors on the same bytes', { a: F32([1], 0, 4), b: F32([1], 0, 4) }, 4],
  ['two tensors that overlap', { a: F32([2], 0, 8), b: F32([2], 4, 12) }, 12],
  ['a hole between tensors', { a: F32([1], 0, 4), b: F32([1], 8, 12) }, 12],
  ['a hole at the start', { a: F32([1], 4, 8) }, 8],
  ['an empty tensor inside another', { a: F32([2], 0, 8), b: F32([0], 4, 4) }, 8],
  ['an empty tensor behind the end', { a: F32([1], 0, 4), b: F32([0], 8, 8) }, 4],
  ['1 byte more than the tensors', { a: F32([1], 0, 4) }, 5],
  ['1000 bytes more than the tensors', { a: F32([1], 0, 4) }, 1004],
  ['1 byte less than the tensors', { a: F32([1], 0, 4) }, 3],
  ['data without tensors', {}, 4],
].map(([name, header, bytes]) => [name, safetensors(header, data(bytes))]);

const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
const repeated = [
  `{"a":${entry},"a":${entry}}`,
  `{"a":${entry},"\\u0061":${entry}}`,
  `{"__metadata__":{},"__metadata__":{},"a":${entry}}`,
  `{"a":1,"a":${entry}}`,
].map((text) => [`repeated names: ${text.slice(0, 60)}`, safetensors(text, data(4))]);

const prototype = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'valueOf',
].flatMap((name) =>
  [
    '{"polluted":true}',
    '1',
    'null',
    '{"dtype":"F32","shape":[1],"data_offsets":[0,8],"__proto__":{"polluted":true}}',
  ].map((value) => [
    `a tensor named ${name} of ${value.slice(0, 30)}`,
    safetensors(`{${JSON.stringify(name)}:${value}}`, data(4)),
  ]),
);

const metadata = [
  '[]',
  'null',
  '7',
  '"x"',
  '{"a":1}',
  '{"a":null}',
  '{"a":{}}',
  '{"__proto__":{"polluted":"1"}}',
].map((value) => [`metadata ${value}`, safetensors(`{"__metadata__":${value},"a":${entry}}`, data(4))]);

/** Whole files whose names are paths, or whose model is none: they are read, and are no model. */
const traversal = [
  '../../etc/passwd',
  '/etc/passwd',
  '..\\..\\x',
  'C:\\x',
  '%2e%2e%2f',
  'a\u0000b',
  '\\\\host\\share',
  '....//x',
].map((name) => [`a tensor named ${JSON.stringify(name)}`, safetensors({ [name]: F32([1], 0, 4) }, data(4))]);

export const files = [
  ...truncated,
  ...lengths,
  ...headers,
  ...badUtf8,
  ...nested,
  ...dtypes,
  ...shapes,
  ...offsets,
  ...layouts,
  ...repeated,
  ...prototype,
  ...metadata,
  ...traversal,
];
