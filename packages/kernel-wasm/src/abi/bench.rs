//! The ceiling that products are measured against.

use crate::reduce::widen;
use crate::simd::{LANES, Real, Vector};
use core::hint::black_box;
use wasm_bindgen::prelude::wasm_bindgen;

/// Independent chains. With one constant they fill the 15 registers that engines use; 14 chains hide the latency of a
/// multiplication and an addition (8 cycles) behind as many as 3 operations per cycle.
const CHAINS: usize = 14;

/// Floating-point operations of one iteration.
#[wasm_bindgen]
pub fn bench_peak_flops() -> f64 {
    (CHAINS * LANES * 2) as f64
}

/// Multiply-adds in registers alone, without a single load; returns a checksum.
#[wasm_bindgen]
pub fn bench_peak(iterations: u32) -> f64 {
    // x / 2 + 1 / 2 goes to 1: no overflow and no subnormal numbers, however long it runs.
    let half = Vector::splat(black_box(0.5));
    let mut chains: [Vector; CHAINS] = core::array::from_fn(|chain| Vector::splat(chain as Real));
    for _ in 0..iterations {
        for chain in &mut chains {
            *chain = chain.mul_add(half, half);
        }
    }
    widen(chains.iter().fold(Vector::zero(), |sum, &chain| sum + chain).sum())
}
