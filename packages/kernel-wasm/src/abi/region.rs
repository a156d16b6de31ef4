//! From byte offsets to slices. An offset becomes a slice only after the whole call was checked.

use crate::error::{KernelError, Result};
use core::arch::wasm32::memory_size;
use core::cell::Cell;
use core::marker::PhantomData;

const PAGE_BYTES: usize = 65_536;
/// More regions than any call names.
const MAX_REGIONS: usize = 20;

unsafe extern "C" {
    /// First byte after the stack and the statics; its address is the value.
    static __heap_base: u8;
}

fn heap() -> core::ops::Range<usize> {
    let base = (&raw const __heap_base).addr();
    base..memory_size(0).saturating_mul(PAGE_BYTES)
}

#[derive(Clone, Copy)]
struct Claim {
    arg: usize,
    start: usize,
    end: usize,
    written: bool,
}

#[derive(Clone, Copy)]
struct Element {
    bytes: usize,
    alignment: usize,
}

impl Element {
    const fn of<T>() -> Self {
        Self { bytes: size_of::<T>(), alignment: align_of::<T>() }
    }
}

/// The regions that one call names.
pub struct Call {
    claims: [Claim; MAX_REGIONS],
    len: usize,
    /// The first claim that was refused; reported by [`Call::check`].
    refused: Option<KernelError>,
}

/// Proof that every region claimed so far lies in the heap and that nothing written overlaps anything else.
///
/// It borrows the call, so that no region can be added after the proof.
pub struct Checked<'call>(PhantomData<Cell<&'call ()>>);

/// A claimed region that is read.
pub struct Input<T> {
    offset: usize,
    len: usize,
    element: PhantomData<T>,
}

/// A claimed region that is written. Not `Copy`: it gives out one slice.
pub struct Output<T> {
    offset: usize,
    len: usize,
    element: PhantomData<T>,
}

impl Call {
    pub fn new() -> Self {
        Self {
            claims: [Claim { arg: 0, start: 0, end: 0, written: false }; MAX_REGIONS],
            len: 0,
            refused: None,
        }
    }

    /// Argument `arg` is an array of these dims that is read.
    pub fn input<T>(&mut self, arg: usize, offset: usize, dims: &[usize]) -> Input<T> {
        let len = self.claim(arg, offset, dims, Element::of::<T>(), false);
        Input { offset, len, element: PhantomData }
    }

    /// Argument `arg` is an array of these dims that is written.
    pub fn output<T>(&mut self, arg: usize, offset: usize, dims: &[usize]) -> Output<T> {
        let len = self.claim(arg, offset, dims, Element::of::<T>(), true);
        Output { offset, len, element: PhantomData }
    }

    /// As [`Call::input`]; offset 0 is "absent".
    pub fn optional_input<T>(&mut self, arg: usize, offset: usize, dims: &[usize]) -> Option<Input<T>> {
        (offset != 0).then(|| self.input(arg, offset, dims))
    }

    /// As [`Call::output`]; offset 0 is "absent".
    pub fn optional_output<T>(&mut self, arg: usize, offset: usize, dims: &[usize]) -> Option<Output<T>> {
        (offset != 0).then(|| self.output(arg, offset, dims))
    }

    /// Records a region and returns its length; 0, and the reason kept for `check`, where it is refused.
    /// Neither generic nor fallible nor inlined: some 150 call sites have to stay small.
    #[inline(never)]
    fn claim(&mut self, arg: usize, offset: usize, dims: &[usize], element: Element, written: bool) -> usize {
        match self.try_claim(arg, offset, dims, element, written) {
            Ok(len) => len,
            Err(error) => {
                self.refused.get_or_insert(error);
                0
            }
        }
    }

    #[inline(always)]
    fn try_claim(
        &mut self,
        arg: usize,
        offset: usize,
        dims: &[usize],
        element: Element,
        written: bool,
    ) -> Result<usize> {
        let overflow = KernelError::SizeOverflow { arg };
        let len = product(dims).ok_or(overflow)?;
        let bytes = len.checked_mul(element.bytes).ok_or(overflow)?;
        // Rust's slices are limited to isize::MAX bytes.
        if bytes > isize::MAX as usize {
            return Err(overflow);
        }
        if bytes == 0 {
            return Ok(0);
        }
        let out_of_bounds = KernelError::OutOfBounds { arg, offset, bytes };
        let heap = heap();
        let end = offset.checked_add(bytes).ok_or(out_of_bounds)?;
        if offset < heap.start || end > heap.end {
            return Err(out_of_bounds);
        }
        if !offset.is_multiple_of(element.alignment) {
            return Err(KernelError::Misaligned { arg, offset });
        }
        let slot = self.claims.get_mut(self.len).ok_or(overflow)?;
        *slot = Claim { arg, start: offset, end, written };
        self.len += 1;
        Ok(len)
    }

    /// Refuses what a claim was refused for, and a written region that shares a byte with another region.
    #[inline(never)]
    pub fn check(&self) -> Result<Checked<'_>> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        let claims = &self.claims[..self.len];
        for (index, a) in claims.iter().enumerate() {
            for b in &claims[index + 1..] {
                if (a.written || b.written) && a.start < b.end && b.start < a.end {
                    let (written, other) = if a.written { (a, b) } else { (b, a) };
                    return Err(KernelError::Overlap { arg: written.arg, other: other.arg });
                }
            }
        }
        Ok(Checked(PhantomData))
    }
}

/// The product of the dims; nothing where some of them overflow, even next to a zero: so no product of a few of them
/// that an operation forms can wrap.
pub fn product(dims: &[usize]) -> Option<usize> {
    let product = dims.iter().try_fold(1_usize, |product, &dim| product.checked_mul(dim.max(1)))?;
    Some(if dims.contains(&0) { 0 } else { product })
}

impl<T> Input<T> {
    pub fn slice<'a>(&self, _proof: &'a Checked) -> &'a [T] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: `claim` checked that offset..offset + len * size_of::<T>() lies in the heap and is aligned; the proof
        // says that no written region of this call overlaps it. T is a number: every bit pattern is a value, and the
        // heap's bytes are initialised by wasm.
        unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance(self.offset), self.len) }
    }
}

impl<T> Output<T> {
    // The proof only lends its lifetime; what is borrowed mutably is `self`.
    #[allow(clippy::mut_from_ref)]
    pub fn slice<'a>(self, _proof: &'a Checked) -> &'a mut [T] {
        if self.len == 0 {
            return &mut [];
        }
        // SAFETY: as for `Input::slice`; moreover this region overlaps no other of the call, and `self` is consumed, so
        // that no second slice of it exists.
        unsafe {
            core::slice::from_raw_parts_mut(core::ptr::with_exposed_provenance_mut(self.offset), self.len)
        }
    }
}
