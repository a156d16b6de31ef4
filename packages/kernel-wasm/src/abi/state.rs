//! What a kernel instance keeps between calls.

use super::region::Call;
use crate::error::{KernelError, Result};
use crate::workspace::Workspace;
use core::cell::{Cell, UnsafeCell};

struct State {
    workspace: UnsafeCell<Workspace>,
    detail: Cell<[f64; 3]>,
    live_bytes: Cell<usize>,
}

// SAFETY: the module is built without threads; each instance has its own memory and is entered by one caller at a time.
unsafe impl Sync for State {}

static STATE: State = State {
    workspace: UnsafeCell::new(Workspace::new()),
    detail: Cell::new([0.0; 3]),
    live_bytes: Cell::new(0),
};

/// Runs one operation and turns its result into a status.
#[inline(always)]
pub fn run(operation: impl FnOnce(&mut Call, &mut Workspace) -> Result) -> u32 {
    status(with_workspace(|workspace| operation(&mut Call::new(), workspace)))
}

/// Refuses the first of the numbered arguments that is NaN or infinite.
pub fn check_finite(arguments: &[(usize, f64)]) -> Result {
    match arguments.iter().find(|(_, value)| !value.is_finite()) {
        Some(&(arg, value)) => Err(KernelError::InvalidArgument { arg, value }),
        None => Ok(()),
    }
}

fn with_workspace<T>(f: impl FnOnce(&mut Workspace) -> T) -> T {
    // SAFETY: operations do not call back into the ABI, so this is the only reference for as long as it lives.
    f(unsafe { &mut *STATE.workspace.get() })
}

fn status(result: Result) -> u32 {
    match result {
        Ok(()) => 0,
        Err(error) => refuse(&error),
    }
}

#[cold]
#[inline(never)]
pub fn refuse(error: &KernelError) -> u32 {
    STATE.detail.set(error.detail());
    error.status()
}

pub fn detail() -> [f64; 3] {
    STATE.detail.get()
}

pub fn workspace_bytes() -> usize {
    with_workspace(|workspace| workspace.bytes())
}

pub fn live_bytes() -> usize {
    STATE.live_bytes.get()
}

pub fn count_live(change: impl FnOnce(usize) -> usize) {
    STATE.live_bytes.set(change(STATE.live_bytes.get()));
}
