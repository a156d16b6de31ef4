/**
 * A disk in memory that can be told to fail. It keeps what programs see apart from what would be there after a crash:
 * bytes reach the platter when their file is synced, names when their folder is, and a crash takes or keeps the rest as
 * its kind says. It implements the `FileSystem` of packages/cli/src/run/durable.ts.
 */

/** Faults that one operation can have. Those that end the process come with what happens to what was not synced. */
export const FAULTS = {
  EIO: { error: 'EIO' },
  /** The operation is done, but reports that it failed. */
  'EIO-late': { error: 'EIO', late: true },
  ENOSPC: { error: 'ENOSPC' },
  EINTR: { error: 'EINTR' },
  /** A write takes fewer bytes than it was given. */
  short: { only: 'write' },
  /** A sync that reports success and does nothing. */
  lie: { only: 'sync' },
  /** The process is killed; the system lives on. */
  kill: { crash: { bytes: 'kept', names: 'kept' } },
  /** Power is cut: nothing that was not synced is left. */
  power: { crash: { bytes: 'lost', names: 'lost' } },
  'rename-lost': { crash: { bytes: 'kept', names: 'lost' } },
  'bytes-lost': { crash: { bytes: 'lost', names: 'kept' } },
  /** Power is cut: any part of what was not synced is left, in any order. */
  torn: { crash: { bytes: 'torn', names: 'any' } },
};

/** Most bytes that one write takes. */
const CHUNK = 48;

export class MemoryDisk {
  /** What programs see: from paths to files, and what the platter holds. */
  #names = new Map();
  #saved = new Map();
  /** Changes of names that are not on the platter. */
  #changes = [];
  #random;
  #faults = [];
  /** What the last crash left. */
  #crash = FAULTS.power.crash;
  #operations = 0;
  #crashed = false;
  /** How many of the planned faults have come. */
  injected = 0;

  /** @param {() => number} random decides what a torn disk keeps */
  constructor(random) {
    this.#random = random;
  }

  get operations() {
    return this.#operations;
  }

  get crashed() {
    return this.#crashed;
  }

  /** Let operations fail: each fault is `[after, name]`, that many operations after the one before it. */
  plan(...faults) {
    this.#operations = 0;
    let at = 0;
    this.#faults = faults.map(([after, name]) => {
      at += after;
      return { at, ...FAULTS[name] };
    });
    this.injected = 0;
  }

  /** The machine starts again after its crash, or after one now. */
  reboot({ bytes, names } = this.#crash) {
    for (const change of this.#changes) {
      if (names === 'kept' || (names === 'any' && this.#random() < 0.5)) change(this.#saved);
    }
    this.#changes = [];
    this.#names = new Map(this.#saved);
    for (const file of new Set(this.#names.values())) {
      if (bytes === 'lost') file.bytes = file.saved;
      if (bytes === 'torn' && file.bytes !== file.saved) file.bytes = this.#torn(file);
      file.saved = file.bytes;
    }
    this.#crashed = false;
    this.plan();
  }

  /** Damage the file at `path` as a failing disk does: one byte becomes another. */
  rot(path) {
    const file = this.#names.get(path);
    file.bytes = Uint8Array.from(file.bytes);
    file.bytes[Math.floor(this.#random() * file.bytes.length)] ^= 0x10;
    file.saved = file.bytes;
  }

  open(path, flags) {
    return this.#operation('open', () => {
      if (flags === 'r') return this.#folder();
      let file = this.#names.get(path);
      if (file !== undefined && flags === 'wx') throw failure('EEXIST');
      if (file === undefined) {
        file = { bytes: new Uint8Array(), saved: new Uint8Array() };
        this.#change((names) => names.set(path, file));
      }
      file.bytes = new Uint8Array();
      return this.#handle(file);
    });
  }

  readFile(path) {
    return this.#operation('read', () => this.#existing(path).bytes);
  }

  rename(from, to) {
    return this.#operation('rename', () => {
      const file = this.#existing(from);
      if (this.#names.get(to) === file) return; // POSIX: two names of one file stay
      this.#change((names) => {
        names.set(to, file);
        names.delete(from);
      });
    });
  }

  link(from, to) {
    return this.#operation('link', () => {
      const file = this.#existing(from);
      if (this.#names.has(to)) throw failure('EEXIST');
      this.#change((names) => names.set(to, file));
    });
  }

  unlink(path) {
    return this.#operation('unlink', () => {
      this.#existing(path);
      this.#change((names) => names.delete(path));
    });
  }

  #handle(file) {
    return {
      write: (bytes, offset, length) =>
        this.#operation('write', (fault) => {
          const taken =
            fault === undefined ? Math.min(length, CHUNK) : Math.ceil(Math.min(length, CHUNK) / 2);
          const longer = new Uint8Array(file.bytes.length + taken);
          longer.set(file.bytes);
          longer.set(bytes.subarray(offset, offset + taken), file.bytes.length);
          file.bytes = longer;
          return { bytesWritten: taken };
        }),
      sync: () =>
        this.#operation('sync', (fault) => {
          if (fault === undefined) file.saved = file.bytes;
        }),
      close: () => this.#operation('close', () => {}),
    };
  }

  #folder() {
    return {
      sync: () =>
        this.#operation('sync', (fault) => {
          if (fault !== undefined) return;
          this.#saved = new Map(this.#names);
          this.#changes = [];
        }),
      close: () => this.#operation('close', () => {}),
    };
  }

  async #operation(name, work) {
    if (this.#crashed) throw failure('CRASHED');
    this.#operations += 1;
    const [fault] = this.#faults;
    if (this.#operations !== fault?.at) return work();
    this.#faults.shift();
    const { only } = fault;
    if (only !== undefined && only !== name) return work();
    this.injected += 1;
    if (fault.crash !== undefined) {
      this.#crashed = true;
      this.#crash = fault.crash;
      throw failure('CRASHED');
    }
    if (only !== undefined) return work(fault);
    if (fault.late) work();
    throw failure(fault.error);
  }

  #change(change) {
    change(this.#names);
    this.#changes.push(change);
  }

  #existing(path) {
    const file = this.#names.get(path);
    if (file === undefined) throw failure('ENOENT');
    return file;
  }

  /** Old bytes, a beginning of the new ones, or their length in zeros. */
  #torn({ bytes, saved }) {
    const kept = Math.floor(this.#random() * (bytes.length + 1));
    return [saved, bytes.slice(0, kept), new Uint8Array(bytes.length)][Math.floor(this.#random() * 3)];
  }
}

function failure(code) {
  return Object.assign(new Error(`injected ${code}`), { code });
}
