//! Memory for the caller, and facts about the build.

use super::state;
use crate::error::KernelError;
use crate::simd::{FUSED, LANES, REAL_BYTES};
use core::alloc::Layout;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bumped when a signature or a meaning changes.
const ABI_VERSION: u32 = 3;
/// One cache line.
const ALIGNMENT: usize = 64;

fn layout(bytes: usize) -> Option<Layout> {
    // An allocation of no bytes still gets an address of its own.
    Layout::from_size_align(bytes.max(1), ALIGNMENT).ok()
}

/// Uninitialised memory at a multiple of 64 bytes; 0 when there is none left, with the bytes as error detail.
#[wasm_bindgen]
pub fn alloc(bytes: usize) -> usize {
    // SAFETY: the layout is never of size 0.
    let pointer = layout(bytes).map_or(core::ptr::null_mut(), |layout| unsafe { std::alloc::alloc(layout) });
    if pointer.is_null() {
        state::refuse(&KernelError::OutOfMemory { bytes });
        return 0;
    }
    state::count_live(|live| live + bytes);
    pointer.expose_provenance()
}

/// Returns what `alloc(bytes)` gave. 0 is ignored.
#[wasm_bindgen]
pub fn dealloc(pointer: usize, bytes: usize) {
    let Some(layout) = layout(bytes) else { return };
    if pointer == 0 || !pointer.is_multiple_of(ALIGNMENT) {
        return;
    }
    // SAFETY: the contract of the ABI: pointer came from `alloc` with the same bytes and was not returned before.
    unsafe { std::alloc::dealloc(core::ptr::with_exposed_provenance_mut(pointer), layout) };
    state::count_live(|live| live.saturating_sub(bytes));
}

/// Bytes given out by `alloc` and not yet returned.
#[wasm_bindgen]
pub fn live_bytes() -> f64 {
    state::live_bytes() as f64
}

/// Bytes of scratch that the kernel keeps.
#[wasm_bindgen]
pub fn workspace_bytes() -> f64 {
    state::workspace_bytes() as f64
}

#[wasm_bindgen]
pub fn abi_version() -> u32 {
    ABI_VERSION
}

/// 4 (f32) or 8 (f64).
#[wasm_bindgen]
pub fn element_bytes() -> u32 {
    REAL_BYTES as u32
}

/// Reals in a SIMD vector.
#[wasm_bindgen]
pub fn lanes() -> u32 {
    LANES as u32
}

/// Whether multiply-adds may round once: the build is then fast, but its bits depend on the machine.
#[wasm_bindgen]
pub fn fused_multiply_add() -> bool {
    FUSED
}

/// Number `index` (0..3) behind the last status that was not 0.
#[wasm_bindgen]
pub fn error_detail(index: usize) -> f64 {
    state::detail().get(index).copied().unwrap_or(0.0)
}
