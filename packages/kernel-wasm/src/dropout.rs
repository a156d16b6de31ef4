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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;
    use crate::testing::Numbers;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn keeps_by_the_words_of_the_stream() {
        let stream = Stream::new(1, 2, 3, 4);
        for p in [0.0, 0.1, 0.5, 0.9] {
            for len in [0, 1, 3, 4, 5, 33] {
                let x = Numbers::seeded(90).reals(len);
                let (mut y, mut dx, mut words) = (vec![Real::NAN; len], vec![Real::NAN; len], vec![0; len]);
                dropout_forward(&mut y, &x, p, stream);
                dropout_backward(&mut dx, &x, p, stream);
                random::bits(&mut words, stream);
                for ((y, x), word) in y.iter().zip(&x).zip(words) {
                    let keep = f64::from(word) >= p * 4_294_967_296.0;
                    assert_eq!(*y, if keep { x * ((1.0 / (1.0 - p)) as Real) } else { 0.0 });
                }
                assert_eq!(dx, y, "the same mask going back");
            }
        }
    }

    #[test]
    fn all_or_nothing() {
        let x = [1.5, Real::NAN, -2.0];
        let (mut y, stream) = ([9.0; 3], Stream::new(0, 0, 0, 0));
        dropout_forward(&mut y, &x, 1.0, stream);
        assert_eq!(y, [0.0; 3], "dropped whatever it was");
        dropout_forward(&mut y, &x, 0.0, stream);
        assert_eq!((y[0], y[2]), (1.5, -2.0));
        assert!(y[1].is_nan());
    }

    #[test]
    fn drops_the_share_it_is_told() {
        let (mut y, x) = (vec![0.0; 100_000], vec![1.0; 100_000]);
        dropout_forward(&mut y, &x, 0.3, Stream::new(0, 5, 0, 0));
        let dropped = y.iter().filter(|&&y| y == 0.0).count();
        assert!(dropped.abs_diff(30_000) < 900, "{dropped}");
    }
}
