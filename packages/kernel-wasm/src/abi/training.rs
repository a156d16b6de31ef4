//! Random numbers, norms, fingerprints.

use super::region::Call;
use super::state::{check_finite, refuse, run};
use crate::error::Result;
use crate::random::{self, Stream};
use crate::{hash as fingerprint, reduce};
use wasm_bindgen::prelude::wasm_bindgen;

/// n 32-bit words.
#[wasm_bindgen]
pub fn random_bits(out: usize, n: usize, key_hi: u32, key_lo: u32, counter_hi: u32, counter_lo: u32) -> u32 {
    run(|call, _| {
        let out = call.output(0, out, &[n]);
        let proof = call.check()?;
        random::bits(out.slice(&proof), Stream::new(key_hi, key_lo, counter_hi, counter_lo));
        Ok(())
    })
}

/// low + (high - low) u, u uniform in [0, 1) in steps of 2^-24.
#[wasm_bindgen]
pub fn random_uniform(
    out: usize,
    n: usize,
    low: f64,
    high: f64,
    key_hi: u32,
    key_lo: u32,
    counter_hi: u32,
    counter_lo: u32,
) -> u32 {
    run(|call, _| {
        check_finite(&[(2, low), (3, high)])?;
        let out = call.output(0, out, &[n]);
        let proof = call.check()?;
        random::uniform(out.slice(&proof), low, high, Stream::new(key_hi, key_lo, counter_hi, counter_lo));
        Ok(())
    })
}

/// Normal numbers by inversion.
#[wasm_bindgen]
pub fn random_normal(
    out: usize,
    n: usize,
    mean: f64,
    std: f64,
    key_hi: u32,
    key_lo: u32,
    counter_hi: u32,
    counter_lo: u32,
) -> u32 {
    run(|call, _| {
        check_finite(&[(2, mean), (3, std)])?;
        let out = call.output(0, out, &[n]);
        let proof = call.check()?;
        random::normal(out.slice(&proof), mean, std, Stream::new(key_hi, key_lo, counter_hi, counter_lo));
        Ok(())
    })
}

fn number(result: Result<f64>, on_error: f64) -> f64 {
    result.unwrap_or_else(|error| {
        refuse(&error);
        on_error
    })
}

/// sqrt(sum of squares) in f64; -1 on a bad region.
#[wasm_bindgen]
pub fn global_norm(x: usize, n: usize) -> f64 {
    let norm = || {
        let mut call = Call::new();
        let x = call.input(0, x, &[n]);
        Ok(reduce::norm(x.slice(&call.check()?)))
    };
    number(norm(), -1.0)
}

/// Index of the first NaN or infinity; -1 when there is none, -2 on a bad region.
#[wasm_bindgen]
pub fn first_non_finite(x: usize, n: usize) -> f64 {
    let search = || {
        let mut call = Call::new();
        let x = call.input(0, x, &[n]);
        Ok(reduce::first_non_finite(x.slice(&call.check()?)).map_or(-1.0, |index| index as f64))
    };
    number(search(), -2.0)
}

/// FNV-1a 64 over bytes; out = [high word, low word].
#[wasm_bindgen]
pub fn hash(out: usize, pointer: usize, bytes: usize) -> u32 {
    run(|call, _| {
        let out = call.output(0, out, &[2]);
        let from = call.input(1, pointer, &[bytes]);
        let proof = call.check()?;
        let value = fingerprint::fnv1a(from.slice(&proof));
        let words: &mut [u32] = out.slice(&proof);
        words.copy_from_slice(&[(value >> 32) as u32, value as u32]);
        Ok(())
    })
}
