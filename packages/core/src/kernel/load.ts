/**
 * Loading a kernel: which build, from where, once per build and thread. Nothing happens on import.
 */
import { variants } from '@hw5/kernel-wasm';
import { platform } from '#platform';
import { ArgumentError, KernelError } from '../errors.js';
import { Kernel, type Precision } from './kernel.js';

export type Variant = 'strict' | 'relaxed' | 'f64';
/**
 * The kernel's functions, by the names of kernel-wasm's abi.rs.
 * @internal
 */
export type KernelExports = Omit<
  Awaited<ReturnType<(typeof variants)[Variant]['load']>>,
  'default' | 'initSync'
>;

/** A `WebAssembly.Module`, whose own type only browsers' declarations have. */
export type CompiledModule = object;

export interface InitOptions {
  /** Defaults to `'f32'`. `'f64'` runs the same algorithms in double precision. */
  readonly precision?: Precision;
  /** Use fused multiply-add where the engine has it; falls back to strict. f32 only. Defaults to false. */
  readonly fast?: boolean;
  /** Where the kernel comes from when not from the package: its bytes, a compiled module, or a URL. */
  readonly wasm?: ArrayBuffer | ArrayBufferView<ArrayBuffer> | CompiledModule | URL;
}

/** The ABI that this file was written against (abi.rs, `abi_version`). */
const ABI_VERSION = 3;

/**
 * `(func (drop (f32x4.relaxed_madd (v128.const 0) (v128.const 0) (v128.const 0))))` is a valid module only where the
 * engine has relaxed SIMD (opcode fd 85 02).
 */
function hasRelaxedSimd(): boolean {
  const zero = `fd0c${'00'.repeat(16)}`;
  const hex = `0061736d01000000 01 04 01 60 00 00 03 02 01 00 0a 3e 01 3c 00 ${zero.repeat(3)} fd8502 1a 0b`;
  const bytes = hex.replaceAll(' ', '').match(/../g) ?? [];
  return WebAssembly.validate(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
}

const loaded = new Map<Variant, Promise<Kernel>>();
let current: Kernel | undefined;

/** The kernel that new tensors use. */
export function currentKernel(): Kernel {
  if (current === undefined)
    throw new KernelError('init: must be awaited before the first tensor, got no kernel');
  return current;
}

/**
 * Load the kernel and make it the one that new tensors use. Call it again to switch builds; tensors stay with
 * the kernel they were made in.
 * @throws ArgumentError for contradictory options, KernelError when the kernel cannot be loaded
 */
export async function init(options: InitOptions = {}): Promise<Kernel> {
  current = await loadKernel(options);
  return current;
}

/** Load a kernel, once per build and thread, without making it the current one. */
export async function loadKernel(options: InitOptions = {}): Promise<Kernel> {
  const { precision = 'f32', fast = false } = options;
  if (precision !== 'f32' && precision !== 'f64') {
    throw new ArgumentError(`init: precision must be 'f32' or 'f64', got ${String(precision)}`);
  }
  if (precision === 'f64' && fast) {
    throw new ArgumentError('init: fast must be false with precision f64, got true');
  }
  let variant: Variant = precision === 'f64' ? 'f64' : 'strict';
  if (fast) {
    await platform.enableRelaxedSimd();
    if (hasRelaxedSimd()) variant = 'relaxed';
  }
  let loading = loaded.get(variant);
  if (loading === undefined) {
    loading = load(variant, options.wasm);
    loaded.set(variant, loading);
    loading.catch(() => loaded.delete(variant));
  }
  return loading;
}

/** Make `kernel` the current one while `fn` runs (synchronously). */
export function withKernel<T>(kernel: Kernel, fn: () => T): T {
  const before = current;
  current = kernel;
  try {
    return fn();
  } finally {
    current = before;
  }
}

async function load(variant: Variant, source: InitOptions['wasm']): Promise<Kernel> {
  const { url, load: loadGlue } = variants[variant];
  try {
    const module = await compile(source ?? url);
    const glue = await loadGlue();
    const exports = glue.initSync({ module });
    const version = glue.abi_version();
    if (version !== ABI_VERSION) throw new Error(`ABI ${ABI_VERSION} expected, got ${version}`);
    return new Kernel(variant, glue, exports.memory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KernelError(`init: the ${variant} kernel must load, got: ${reason}`);
  }
}

async function compile(source: NonNullable<InitOptions['wasm']>): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof URL) return platform.compile(source);
  return WebAssembly.compile(source as BufferSource);
}
