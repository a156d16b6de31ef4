//! The ceiling that products are measured against.

use crate::simd::{LANES, Real, Vector};
use core::hint::black_box;
use wasm_bindgen::prelude::wasm_bindgen;

/// Independent chains: enough to hide a multiplication and an addition, few enough for 15 registers.
const CHAINS: usize = 12;

/// Floating-point operations of one iteration.
#[wasm_bindgen]
pub fn bench_peak_flops() -> f64 {
    (CHAINS * LANES * 2) as f64
}

/// Multiply-adds in registers alone, without a single load; returns a checksum.
#[wasm_bindgen]
pub fn bench_peak(iterations: u32) -> f64 {
    let factor = Vector::splat(black_box(0.999_9));
    let addend = Vector::splat(black_box(1e-4));
    let mut chains: [Vector; CHAINS] = core::array::from_fn(|chain| Vector::splat(chain as Real));
    for _ in 0..iterations {
        for chain in &mut chains {
            *chain = chain.mul_add(factor, addend);
        }
    }
    crate::reduce::widen(chains.iter().fold(Vector::zero(), |sum, &chain| sum + chain).sum())
}
