//! What stands between a product q k and a row of weights: scale, temperature, masks, noise, and the mode.

use super::AttentionSizes;
use crate::error::{KernelError, Result};
use crate::math::Math;
use crate::random::{BLOCK, Stream};
use crate::simd::{LANES, Real, Vector, update, update_with};

/// How a row of scores becomes weights, and what its derivative is taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Softmax,
    /// The point of the simplex nearest to the scores (Martins and Astudillo 2016).
    Sparsemax,
    /// 1.5-entmax (Peters, Niculae and Martins 2019).
    Entmax15,
    /// All weight on the first largest score; scores get no gradient.
    Argmax,
    /// Forward as argmax, backward as softmax (Bengio, Leonard and Courville 2013).
    StraightThrough,
}

impl Mode {
    /// By its number in the ABI.
    pub fn from_code(code: u32) -> Option<Self> {
        [Self::Softmax, Self::Sparsemax, Self::Entmax15, Self::Argmax, Self::StraightThrough]
            .get(code as usize)
            .copied()
    }

    /// One key takes it all.
    pub fn is_hard(self) -> bool {
        matches!(self, Self::Argmax | Self::StraightThrough)
    }
}

/// A mask that broadcasts to [B, N, T, S].
#[derive(Clone, Copy)]
pub struct Mask<'a> {
    pub entries: MaskEntries<'a>,
    pub broadcast: Broadcast,
}

#[derive(Clone, Copy)]
pub enum MaskEntries<'a> {
    /// Added to the scaled scores.
    Additive(&'a [Real]),
    /// Keys at 0 take no part.
    Boolean(&'a [i32]),
}

/// Strides along batch, head, query and key; 0 along an axis of size 1, 0 or 1 along the last.
#[derive(Clone, Copy)]
pub struct Broadcast([usize; 4]);

impl Broadcast {
    /// Of a dense array with these dims.
    pub fn of(dims: [usize; 4]) -> Self {
        let mut stride = 1;
        let mut strides = [0; 4];
        for (to, &dim) in strides.iter_mut().zip(&dims).rev() {
            *to = if dim == 1 { 0 } else { stride };
            stride *= dim;
        }
        Self(strides)
    }

    /// Where the entry for batch row b, head n, query t, key s lies.
    pub fn offset(self, at: [usize; 4]) -> usize {
        self.0.iter().zip(at).map(|(stride, at)| stride * at).sum()
    }

    /// All keys share an entry.
    fn spreads_over_keys(self) -> bool {
        self.0[3] == 0
    }
}

/// Everything about a call but its tensors.
#[derive(Clone, Copy)]
pub struct Scoring<'a> {
    pub mode: Mode,
    pub scale: Real,
    pub temperature: Real,
    /// Query t sees keys 0 ..= t + S - T: the last query sees all.
    pub causal: bool,
    pub mask: Option<Mask<'a>>,
    /// Keys that exist, per batch row.
    pub key_lengths: Option<&'a [i32]>,
    /// Gumbel noise; each row of scores starts with a block of its own.
    pub noise: Option<Stream>,
}

impl Scoring<'_> {
    /// Refuses lengths that are not in 0 ..= S.
    pub(super) fn check(&self, sizes: AttentionSizes) -> Result {
        for (position, &value) in self.key_lengths.unwrap_or(&[]).iter().enumerate() {
            if usize::try_from(value).map_or(true, |length| length > sizes.keys) {
                return Err(KernelError::IndexOutOfRange { position, value, limit: sizes.keys + 1 });
            }
        }
        Ok(())
    }

    /// The factor of q k in z.
    pub(super) fn alpha(&self) -> Real {
        self.scale / self.temperature
    }

    /// Query t of batch row b sees no key from this one on.
    pub(super) fn end(&self, sizes: AttentionSizes, b: usize, t: usize) -> usize {
        let length = self.key_lengths.map_or(sizes.keys, |lengths| lengths[b] as usize);
        if self.causal { length.min((t + 1 + sizes.keys).saturating_sub(sizes.queries)) } else { length }
    }

    /// Adds mask and noise to z of keys `first ..` for head n and query t.
    pub(super) fn adjust(
        &self,
        math: Math,
        row: &mut [Real],
        sizes: AttentionSizes,
        [b, n, t, first]: [usize; 4],
    ) {
        let factor = Vector::splat(1.0 / self.temperature);
        if let Some(mask) = self.mask {
            let from = mask.broadcast.offset([b, n, t, first]);
            let spread = mask.broadcast.spreads_over_keys();
            match mask.entries {
                MaskEntries::Additive(entries) if spread => {
                    let entry = factor * Vector::splat(entries[from]);
                    update(row, |z| z + entry);
                }
                MaskEntries::Additive(entries) => {
                    update_with(row, &entries[from..][..row.len()], |z, entry| factor.mul_add(entry, z));
                }
                MaskEntries::Boolean(entries) if spread => {
                    if entries[from] == 0 {
                        row.fill(Real::NEG_INFINITY);
                    }
                }
                MaskEntries::Boolean(entries) => {
                    for (z, &entry) in row.iter_mut().zip(&entries[from..]) {
                        *z = if entry == 0 { Real::NEG_INFINITY } else { *z };
                    }
                }
            }
        }
        if let Some(noise) = self.noise {
            let blocks = sizes.keys.div_ceil(BLOCK);
            add_gumbel(math, row, factor, noise, sizes.row(b, n, t) * blocks + first / BLOCK);
        }
    }
}

/// z += factor g with g = -log(-log u), u the middle of one of 2^23 steps, from block `block` of the stream on.
fn add_gumbel(math: Math, row: &mut [Real], factor: Vector, stream: Stream, block: usize) {
    const STEP: Real = 1.0 / 8_388_608.0;
    for (index, chunk) in row.chunks_mut(BLOCK).enumerate() {
        let words = stream.block((block + index) as u64);
        let mut noise = words.map(|word| ((word >> 9) as Real + 0.5) * STEP);
        for lanes in noise.as_chunks_mut::<LANES>().0 {
            let g = -math.log(-math.log(Vector::load(lanes)));
            (factor * g).store(lanes);
        }
        for (z, noise) in chunk.iter_mut().zip(noise) {
            *z += noise;
        }
    }
}
