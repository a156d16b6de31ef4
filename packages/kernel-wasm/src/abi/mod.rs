//! The surface that JavaScript calls: byte offsets in, a status out.
//!
//! Every function claims its regions (size, bounds, alignment), checks that nothing written overlaps anything else, and only
//! then makes slices and calls the operation of the same name. Offset 0 is "absent" where an argument is optional.
//! Argument numbers in errors count from 0. This folder is the only place with wasm-bindgen and raw offsets.

// The ABI is flat: numbers in, a number out.
#![allow(clippy::too_many_arguments)]

mod arrays;
mod attention;
mod bench;
mod layers;
mod losses;
mod memory;
mod norm;
mod optim;
mod pooling;
mod products;
mod recurrent;
mod region;
mod rows;
mod state;
mod step;
mod training;
