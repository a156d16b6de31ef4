/** The kernel of a session's worker or of a replica. */
import type { Kernel } from '../kernel/kernel.js';
import { type InitOptions, init } from '../kernel/load.js';

export interface KernelOptions extends InitOptions {
  /** Bytes that may be in use at once; undefined = what the engine gives. */
  readonly kernelBytes: number | undefined;
}

export async function openKernel({ kernelBytes, ...options }: KernelOptions): Promise<Kernel> {
  const kernel = await init(options);
  kernel.memory.limit = kernelBytes ?? Number.POSITIVE_INFINITY;
  return kernel;
}
