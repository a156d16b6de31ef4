/** The generated glue: `initSync({ module })` and the functions of the ABI. */
export type KernelGlue = typeof import('./pkg/strict/kernel.js');

/** The instance's raw exports, as `initSync` returns them; `memory` is the linear memory. */
export type KernelExports = ReturnType<KernelGlue['initSync']>;

/**
 * - `strict`: f32, bit-identical on every engine.
 * - `relaxed`: f32 with fused multiply-add where the machine has it; needs relaxed SIMD.
 * - `f64`: the same algorithms in double precision.
 */
export type KernelVariantName = 'strict' | 'relaxed' | 'f64';

export interface KernelVariant {
  /** Where the wasm file is. */
  readonly url: URL;
  /**
   * Imports the glue. A glue module holds one instance: a second `initSync` keeps the first instance, so
   * one realm (page, worker, process) has one kernel per variant.
   */
  load(): Promise<KernelGlue>;
}

export const variants: Readonly<Record<KernelVariantName, KernelVariant>>;
