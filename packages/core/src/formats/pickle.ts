/**
 * Python pickles of plain data: numbers, text, lists, tuples, dictionaries. A pickle is a program that may call any
 * Python function; here it can only name functions that the caller lists, and everything else is refused.
 * Source: the opcodes of CPython's pickletools, protocols 2 to 5.
 */
import { CheckpointError } from '../errors.js';

/** A named function or class that the pickle may use; called with the arguments that it gives. */
export type PickleGlobal = (args: readonly unknown[]) => unknown;

export interface PickleOptions {
  /** What the pickle may name, as `module.name`. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** Resolves a persistent id: a reference to data outside the pickle. */
  readonly persistent: (id: unknown) => unknown;
}

/** More values on the stack than any file of weights has: pickles hand over items in thousands. */
const MAX_VALUES = 10_000;
const MARK = Symbol('mark');
const text = new TextDecoder('utf-8', { fatal: true });

/**
 * The value that a pickle describes; dictionaries become Maps, tuples and lists arrays.
 * @throws CheckpointError for damaged bytes, and for a name that is not allowed
 */
export function unpickle(bytes: Uint8Array, options: PickleOptions): unknown {
  try {
    return new Unpickler(bytes, options).run();
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw refuse(`bytes of the pickle must be whole, got: ${error instanceof Error ? error.message : error}`);
  }
}

const refuse = (reason: string): CheckpointError => new CheckpointError(`torch: ${reason}`);

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #options: PickleOptions;
  #at = 0;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, options: PickleOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#options = options;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.#uint8();
      if (opcode === 0x2e) return this.#pop(); // STOP
      const operation = operations.get(opcode);
      if (operation === undefined) {
        throw refuse(`a file of weights must use plain data only, got opcode 0x${opcode.toString(16)}`);
      }
      operation(this.#machine);
      if (this.#stack.length > MAX_VALUES) throw refuse(`the pickle must hold at most ${MAX_VALUES} values`);
    }
  }

  readonly #machine: Machine = {
    push: (value) => void this.#stack.push(value),
    pop: () => this.#pop(),
    top: () => {
      if (this.#stack.length === 0) throw new RangeError('an empty stack');
      return this.#stack.at(-1);
    },
    popToMark: () => {
      const mark = this.#stack.lastIndexOf(MARK);
      if (mark < 0) throw new RangeError('no mark');
      return this.#stack.splice(mark).slice(1);
    },
    uint8: () => this.#uint8(),
    uint16: () => this.#number(2, (at) => this.#view.getUint16(at, true)),
    int32: () => this.#number(4, (at) => this.#view.getInt32(at, true)),
    uint32: () => this.#number(4, (at) => this.#view.getUint32(at, true)),
    float64: () => this.#number(8, (at) => this.#view.getFloat64(at, false)),
    take: (length) => this.#take(length),
    line: () => {
      const end = this.#bytes.indexOf(0x0a, this.#at);
      if (end < 0) throw new RangeError('an unfinished line');
      const line = text.decode(this.#bytes.subarray(this.#at, end));
      this.#at = end + 1;
      return line;
    },
    memo: this.#memo,
    global: (name) => {
      const found = this.#options.globals.get(name);
      if (found === undefined) {
        throw refuse(`a file of weights must hold tensors only, got a reference to ${JSON.stringify(name)}`);
      }
      return found;
    },
    persistent: (id) => this.#options.persistent(id),
  };

  #pop(): unknown {
    if (this.#stack.length === 0) throw new RangeError('an empty stack');
    return this.#stack.pop();
  }

  #uint8(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }

  #number(bytes: number, read: (at: number) => number): number {
    const value = read(this.#at);
    this.#at += bytes;
    return value;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (!(length >= 0 && end <= this.#bytes.length)) throw new RangeError('a length beyond the end');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

/** What an opcode may do. */
interface Machine {
  push(value: unknown): void;
  pop(): unknown;
  top(): unknown;
  popToMark(): unknown[];
  uint8(): number;
  uint16(): number;
  int32(): number;
  uint32(): number;
  float64(): number;
  take(length: number): Uint8Array;
  line(): string;
  readonly memo: Map<number, unknown>;
  global(name: string): PickleGlobal;
  persistent(id: unknown): unknown;
}

type Operation = (machine: Machine) => void;

const constant =
  (value: unknown): Operation =>
  (m) =>
    m.push(value);

function tuple(length: number): Operation {
  return (m) => {
    const entries = Array.from({ length }, () => m.pop()).reverse();
    m.push(entries);
  };
}

const pushText =
  (length: (m: Machine) => number): Operation =>
  (m) =>
    m.push(text.decode(m.take(length(m))));

/** A little-endian two's complement integer. */
function longInteger(bytes: Uint8Array): number {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[i]!);
  return Number(BigInt.asIntN(bytes.length * 8, value));
}

const setItems: Operation = (m) => {
  const items = m.popToMark();
  const target = m.top();
  if (!(target instanceof Map) || items.length % 2 !== 0) throw new TypeError('items of no dictionary');
  for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
};

const append: Operation = (m) => {
  const value = m.pop();
  const target = m.top();
  if (!Array.isArray(target)) throw new TypeError('an entry of no list');
  target.push(value);
};

const appends: Operation = (m) => {
  const values = m.popToMark();
  const target = m.top();
  if (!Array.isArray(target)) throw new TypeError('entries of no list');
  for (const value of values) target.push(value);
};

const get =
  (index: (m: Machine) => number): Operation =>
  (m) => {
    const key = index(m);
    if (!m.memo.has(key)) throw new RangeError(`an unknown reference ${key}`);
    m.push(m.memo.get(key));
  };

const put =
  (index: (m: Machine) => number): Operation =>
  (m) =>
    m.memo.set(index(m), m.top());

const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (m) => void m.uint8()], // PROTO
  [0x95, (m) => void m.take(8)], // FRAME
  [0x28, constant(MARK)], // MARK
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x29, (m) => m.push([])], // EMPTY_TUPLE
  [0x4e, constant(null)], // NONE
  [0x88, constant(true)], // NEWTRUE
  [0x89, constant(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.int32())], // BININT
  [0x4b, (m) => m.push(m.uint8())], // BININT1
  [0x4d, (m) => m.push(m.uint16())], // BININT2
  [0x8a, (m) => m.push(longInteger(m.take(m.uint8())))], // LONG1
  [0x47, (m) => m.push(m.float64())], // BINFLOAT
  [0x58, pushText((m) => m.uint32())], // BINUNICODE
  [0x8c, pushText((m) => m.uint8())], // SHORT_BINUNICODE
  [0x74, (m) => m.push(m.popToMark())], // TUPLE
  [0x85, tuple(1)], // TUPLE1
  [0x86, tuple(2)], // TUPLE2
  [0x87, tuple(3)], // TUPLE3
  [0x73, setItem], // SETITEM
  [0x75, setItems], // SETITEMS
  [0x61, append], // APPEND
  [0x65, appends], // APPENDS
  [0x71, put((m) => m.uint8())], // BINPUT
  [0x72, put((m) => m.uint32())], // LONG_BINPUT
  [0x94, put((m) => m.memo.size)], // MEMOIZE
  [0x68, get((m) => m.uint8())], // BINGET
  [0x6a, get((m) => m.uint32())], // LONG_BINGET
  [0x63, (m) => m.push(m.global(`${m.line()}.${m.line()}`))], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, reduce], // REDUCE
  [0x51, (m) => m.push(m.persistent(m.pop()))], // BINPERSID
  [0x62, build], // BUILD
]);

function setItem(m: Machine): void {
  const [value, key] = [m.pop(), m.pop()];
  const target = m.top();
  if (!(target instanceof Map)) throw new TypeError('an item of no dictionary');
  target.set(key, value);
}

function stackGlobal(m: Machine): void {
  const [name, module] = [m.pop(), m.pop()];
  m.push(m.global(`${String(module)}.${String(name)}`));
}

function reduce(m: Machine): void {
  const [args, callee] = [m.pop(), m.pop()];
  if (typeof callee !== 'function' || !Array.isArray(args)) throw new TypeError('a call of no function');
  m.push((callee as PickleGlobal)(args));
}

/** Attributes of an object, such as a state dictionary's versions: dropped, the object stays. */
function build(m: Machine): void {
  m.pop();
}
