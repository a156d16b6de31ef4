//! Dropout with the mask drawn from a counter-based stream: forward and backward draw the same mask, nothing is kept.

use crate::random::{BLOCK, Stream};
use crate::simd::Real;

/// `y = keep ? x / (1 - p) : 0` for p in [0, 1]; element j is kept when word j of the stream is at least p 2^32.
pub fn dropout_forward(y: &mut [Real], x: &[Real], p: f64, stream: Stream) {
    let threshold = p * 4_294_967_296.0;
    let scale = (1.0 / (1.0 - p)) as Real;
    for ((index, y), x) in y.chunks_mut(BLOCK).enumerate().zip(x.chunks(BLOCK)) {
        let words = stream.block(index as u64);
        for ((y, &x), word) in y.iter_mut().zip(x).zip(words) {
            *y = if f64::from(word) >= threshold { x * scale } else { 0.0 };
        }
    }
}

/// dx = keep ? dy / (1 - p) : 0, with the mask of the forward pass.
pub fn dropout_backward(dx: &mut [Real], dy: &[Real], p: f64, stream: Stream) {
    dropout_forward(dx, dy, p, stream);
}
