/**
 * The three builds of the kernel. Nothing is loaded or compiled on import: `url` names the wasm file (a
 * literal, so that bundlers find it) and `load()` imports its glue.
 */
export const variants = {
  strict: {
    url: new URL('./pkg/strict/kernel_bg.wasm', import.meta.url),
    load: () => import('./pkg/strict/kernel.js'),
  },
  relaxed: {
    url: new URL('./pkg/relaxed/kernel_bg.wasm', import.meta.url),
    load: () => import('./pkg/relaxed/kernel.js'),
  },
  f64: {
    url: new URL('./pkg/f64/kernel_bg.wasm', import.meta.url),
    load: () => import('./pkg/f64/kernel.js'),
  },
};
