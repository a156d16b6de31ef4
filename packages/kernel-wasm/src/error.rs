//! Everything that can go wrong, with the numbers that say what.

/// Why a kernel call was refused. Nothing was written out of bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KernelError {
    /// The allocator has no room for so many bytes.
    OutOfMemory { bytes: usize },
    /// Argument `arg` names bytes outside the heap.
    OutOfBounds { arg: usize, offset: usize, bytes: usize },
    /// Argument `arg` is not aligned to its element.
    Misaligned { arg: usize, offset: usize },
    /// Argument `arg` is written and shares bytes with argument `other`.
    Overlap { arg: usize, other: usize },
    /// The sizes multiply to more bytes than can be addressed; `arg` is the region that they describe.
    SizeOverflow { arg: usize },
    /// An id or target at `position` is not in `0..limit`.
    IndexOutOfRange { position: usize, value: i32, limit: usize },
    /// Argument `arg` has a value without meaning for the operation.
    InvalidArgument { arg: usize, value: f64 },
}

impl KernelError {
    /// The status code of the ABI; 0 is success.
    pub fn status(&self) -> u32 {
        match self {
            Self::OutOfMemory { .. } => 1,
            Self::OutOfBounds { .. } => 2,
            Self::Misaligned { .. } => 3,
            Self::Overlap { .. } => 4,
            Self::SizeOverflow { .. } => 5,
            Self::IndexOutOfRange { .. } => 6,
            Self::InvalidArgument { .. } => 7,
        }
    }

    /// The numbers behind the status, in the order of the fields.
    pub fn detail(&self) -> [f64; 3] {
        match *self {
            Self::OutOfMemory { bytes } => [bytes as f64, 0.0, 0.0],
            Self::OutOfBounds { arg, offset, bytes } => [arg as f64, offset as f64, bytes as f64],
            Self::Misaligned { arg, offset } => [arg as f64, offset as f64, 0.0],
            Self::Overlap { arg, other } => [arg as f64, other as f64, 0.0],
            Self::SizeOverflow { arg } => [arg as f64, 0.0, 0.0],
            Self::IndexOutOfRange { position, value, limit } => {
                [position as f64, f64::from(value), limit as f64]
            }
            Self::InvalidArgument { arg, value } => [arg as f64, value, 0.0],
        }
    }
}

pub type Result<T = ()> = core::result::Result<T, KernelError>;
