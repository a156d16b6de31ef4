/**
 * The three builds of the one source: what is passed to the compiler and to wasm-opt.
 *
 * `-disable-lsr`: LLVM's loop strength reduction turns the micro-kernel's two running pointers into more
 * than an engine has registers for; without it GEMM is 10-15 % faster. wasm-opt is not optional for the
 * same reason. Loops of unknown length are not unrolled: their bodies are vectors already, and the copies
 * were a tenth of the file. A small stack keeps an idle instance at a few pages; memory grows on demand.
 */
const common = [
  '-Ctarget-feature=+simd128',
  '-Cllvm-args=-disable-lsr',
  '-Cllvm-args=-unroll-allow-partial=false',
  '-Cllvm-args=-unroll-runtime=false',
  '-Clink-arg=-zstack-size=131072',
];

const wasmOpt = [
  '-O3',
  '--enable-simd',
  '--enable-bulk-memory',
  '--enable-sign-ext',
  '--enable-nontrapping-float-to-int',
  '--enable-mutable-globals',
  '--enable-multivalue',
  '--enable-reference-types',
];

export const variants = {
  strict: { rustflags: common, features: [], wasmOpt },
  relaxed: {
    rustflags: [...common, '-Ctarget-feature=+relaxed-simd'],
    features: [],
    wasmOpt: [...wasmOpt, '--enable-relaxed-simd'],
  },
  f64: { rustflags: common, features: ['f64'], wasmOpt },
};

/** Files of `pkg/<variant>` that are built, committed and hashed. */
export const artefacts = ['kernel.js', 'kernel.d.ts', 'kernel_bg.wasm'];
