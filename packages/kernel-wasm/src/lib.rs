//! The numeric kernel of hw5: packed GEMM and fused recurrent sequences on 128-bit SIMD.
//!
//! # Layers
//!
//! Each file imports only from lines above its own.
//!
//! ```text
//! error  simd                         the vector type; the real type (f32 or f64) and its lane count
//! math  workspace                     exp, log, sigmoid, tanh; scratch that outlives calls
//! gemm  reduce  random  hash          products; sums and norms; Philox; FNV-1a
//! level1  elementwise  layout  rows   y += a x; unary and binary ops; transpose; columns, masked rows
//! softmax  dropout  embedding  linear  recurrent  optim     layers: forward beside backward
//! loss  norm  attention  pooling  step
//! abi                                 the only wasm-bindgen and the only raw offsets: check, then call
//! ```
//!
//! # Letters
//!
//! T steps, B batch rows, I input size, H hidden size; in attention T queries, S keys, N heads of queries, M of keys, D and V
//! entries of a key and a value; [m, k] x [k, n] in products. Arrays are dense and row-major. Gradients
//! are named `d` and the thing. Gradients of parameters accumulate (`+=`), gradients of activations are assigned (`=`).
//! Arguments come in the order outputs, saved, inputs, weights, sizes.
//!
//! # Gates
//!
//! Weights of recurrent cells lie in PyTorch's order, in blocks of H rows: input, forget, cell, output (i, f, g, o) for the
//! LSTM; reset, update, new (r, z, n) for the GRU, whose reset gate acts behind the product with W_hh.
//!
//! # Safety
//!
//! `unsafe` stands in four places: `simd` (loads, stores), `gemm::microkernel` and `gemm::packed_rows` (two running pointers
//! each) and `abi` (offsets to slices, after every check). Nothing here panics on checked input, and scratch is reserved fallibly.

#![deny(unsafe_op_in_unsafe_fn)]

pub mod error;
pub mod simd;

pub mod math;
pub mod workspace;

pub mod gemm;
pub mod hash;
pub mod random;
pub mod reduce;

pub mod elementwise;
pub mod layout;
pub mod level1;
pub mod rows;

pub mod attention;
pub mod dropout;
pub mod embedding;
pub mod linear;
pub mod loss;
pub mod norm;
pub mod optim;
pub mod pooling;
pub mod recurrent;
pub mod softmax;
pub mod step;

#[cfg(target_arch = "wasm32")]
mod abi;

#[cfg(test)]
mod testing;
