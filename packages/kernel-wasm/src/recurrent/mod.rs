//! Recurrent layers over whole sequences, one call forward and one backward through time, for vanilla RNN, GRU and LSTM.
//!
//! A cell (`lstm`, `gru`, `rnn`) knows its equations for one row and one step. The loop over time (`sequence`) is written
//! once. What does not depend on the step before is one product over many rows: x W_ih^T, and in the backward pass both
//! weight gradients and dx. Only h W_hh^T (and dz W_hh) runs step by step, over all rows of the batch. Weights are packed
//! once per call. The gates live where z was; in the backward pass dz takes their place.

mod cell;
mod course;
mod gru;
mod lstm;
mod rnn;
mod sequence;
mod weight;

pub use cell::{Cell, Span};
pub use course::Course;
pub use gru::GRU;
pub use lstm::LSTM;
pub use rnn::{RNN_RELU, RNN_TANH};
pub use sequence::{Columns, Gradients, Inputs, Outputs, Saved, Sizes, backward, forward};

#[cfg(test)]
mod tests;
