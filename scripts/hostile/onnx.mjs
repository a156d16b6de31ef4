/** ONNX files: damaged protocol buffers, tensors that lie about sizes, graphs that cannot run. */
const varint = (value) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
};
const field = (number, value) =>
  typeof value === 'number' || typeof value === 'bigint'
    ? Buffer.concat([varint(number * 8), varint(value)])
    : Buffer.concat([varint(number * 8 + 2), varint(Buffer.from(value).length), Buffer.from(value)]);
const message = (...fields) => Buffer.concat(fields);

const port = (name, type = 1, dims = [2]) =>
  message(
    field(1, name),
    field(2, field(1, message(field(1, type), field(2, message(...dims.map((n) => field(1, field(1, n)))))))),
  );
const node = (op, inputs, outputs, ...more) =>
  message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
    ...more,
  );
const tensor = (name, dims, type, raw, ...more) =>
  message(
    ...dims.map((n) => field(1, n)),
    field(2, type),
    field(8, name),
    ...(raw === undefined ? [] : [field(9, raw)]),
    ...more,
  );
const attribute = (name, ...fields) => field(5, message(field(1, name), ...fields));

function model({
  nodes = [node('Neg', ['x'], ['y'])],
  weights = [],
  inputs = [port('x')],
  outputs = [port('y')],
  more = [],
} = {}) {
  const graph = message(
    ...nodes.map((bytes) => field(1, bytes)),
    ...weights.map((bytes) => field(5, bytes)),
    ...inputs.map((bytes) => field(11, bytes)),
    ...outputs.map((bytes) => field(12, bytes)),
    ...more,
  );
  return message(field(1, 8), field(8, field(2, 17)), field(7, graph));
}

const good = model();
const weight = (...args) => model({ nodes: [node('Neg', ['w'], ['y'])], weights: [tensor('w', ...args)] });
const bytes = (count) => Buffer.alloc(count, 1);
const recurrent = (...more) => model({ nodes: [node('GRU', ['x', 'W', 'R'], ['y'], ...more)] });

export const files = [
  ...Array.from({ length: 14 }, (_, i) => {
    const size = Math.floor((good.length * i) / 14);
    return [`cut to ${size} bytes`, good.subarray(0, size)];
  }),
  ['21 kB of nested groups', Buffer.alloc(21_000, 0x0b)],
  [
    '100 kB of nested groups in a graph',
    message(field(1, 8), Buffer.from([0x3b]), Buffer.alloc(100_000, 0x0b)),
  ],
  ['a number of 11 bytes', Buffer.concat([Buffer.from([0x08]), Buffer.alloc(11, 0xff)])],
  ['a length of 2^32 - 1', Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
  ['a length of 2^63', Buffer.concat([Buffer.from([0x3a]), varint(2n ** 63n)])],
  ...[6, 7].map((wire) => [`wire type ${wire}`, Buffer.from([8 + wire, 0, 0, 0])]),
  ['field number 0', Buffer.from([0x00, 0x00])],
  ['text', Buffer.from('{"ir_version": 8}')],
  ['a name of bad UTF-8', model({ nodes: [node('Neg', [Buffer.from([0xc3, 0x28])], ['y'])] })],
  ['no graph', message(field(1, 8))],
  ['no outputs', model({ outputs: [] })],
  ['an output that nothing makes', model({ outputs: [port('z')] })],
  ['a node before its input', model({ nodes: [node('Neg', ['z'], ['y']), node('Neg', ['x'], ['z'])] })],
  ['a node that reads itself', model({ nodes: [node('Neg', ['y'], ['y'])] })],
  ...['Conv', 'If', 'Loop', 'Scan', '__proto__', 'constructor', 'toString', '', 'SequenceMap'].map((op) => [
    `operator ${JSON.stringify(op)}`,
    model({ nodes: [node(op, ['x'], ['y'])] }),
  ]),
  ['a foreign domain', model({ nodes: [node('Neg', ['x'], ['y'], field(7, 'com.example'))] })],
  ...[-1, 2n ** 62n, 2n ** 53n, 2n ** 31n].map((n) => [
    `a weight of size ${n} with 4 bytes`,
    weight([n], 1, bytes(4)),
  ]),
  ['a weight of sizes whose product overflows', weight([2n ** 32n, 2n ** 32n], 1, bytes(4))],
  ['a weight of 2^40 entries by 8 sizes', weight(Array(8).fill(32), 1, bytes(4))],
  ['a weight with too few bytes', weight([2], 1, bytes(4))],
  ['a weight with too many bytes', weight([1], 1, bytes(8))],
  ['a weight with 3 bytes for a float', weight([1], 1, bytes(3))],
  ['a weight without entries', weight([2], 1)],
  ...[0, 8, 14, 15, 17, 21, 99, -1].map((type) => [`a weight of type ${type}`, weight([1], type, bytes(4))]),
  ...['../../etc/passwd', '/etc/passwd', 'C:\\x', 'model.bin'].map((path) => [
    `a weight in the file ${path}`,
    weight([1], 1, undefined, field(13, message(field(1, 'location'), field(2, path))), field(14, 1)),
  ]),
  ['an input of text', model({ inputs: [port('x', 8)] })],
  ['an input without a type', model({ inputs: [field(1, 'x')] })],
  ['a GRU without weights', recurrent()],
  ['a GRU with a negative size', recurrent(attribute('hidden_size', field(3, -5), field(20, 2)))],
  ['a GRU that reads sideways', recurrent(attribute('direction', field(4, 'sideways'), field(20, 3)))],
  [
    'packed numbers beyond their message',
    model({
      nodes: [
        node('Neg', ['x'], ['y'], field(5, message(field(1, 'axes'), Buffer.from([0x42, 0xff, 0x7f, 0x01])))),
      ],
    }),
  ],
];
