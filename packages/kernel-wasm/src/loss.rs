//! Losses: one number out of many, and its gradient.

pub mod binary;
pub mod cross_entropy;
pub mod ctc;
