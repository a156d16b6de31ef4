//! Optimisers: one step over a flat range of parameters.

use super::state::{check_finite, run};
use crate::error::{KernelError, Result};
use crate::optim::adagrad::{self, Adagrad};
use crate::optim::adam::{self, Adam};
use crate::optim::rmsprop::{self, RmsProp, RmsPropState};
use crate::optim::sgd::{self, Sgd};
use wasm_bindgen::prelude::wasm_bindgen;

fn check_share(arg: usize, value: f64) -> Result {
    if (0.0..1.0).contains(&value) { Ok(()) } else { Err(KernelError::InvalidArgument { arg, value }) }
}

/// Adam or, decoupled, AdamW.
#[wasm_bindgen]
pub fn adam_step(
    params: usize,
    exp_avg: usize,
    exp_avg_sq: usize,
    grads: usize,
    n: usize,
    lr: f64,
    beta1: f64,
    beta2: f64,
    eps: f64,
    weight_decay: f64,
    decoupled: bool,
    step: u32,
    grad_scale: f64,
) -> u32 {
    run(|call, _| {
        check_finite(&[(5, lr), (8, eps), (9, weight_decay), (12, grad_scale)])?;
        check_share(6, beta1)?;
        check_share(7, beta2)?;
        if step == 0 {
            return Err(KernelError::InvalidArgument { arg: 11, value: 0.0 });
        }
        let params = call.output(0, params, &[n]);
        let exp_avg = call.output(1, exp_avg, &[n]);
        let exp_avg_sq = call.output(2, exp_avg_sq, &[n]);
        let grads = call.input(3, grads, &[n]);
        let proof = call.check()?;
        adam::adam_step(
            params.slice(&proof),
            exp_avg.slice(&proof),
            exp_avg_sq.slice(&proof),
            grads.slice(&proof),
            Adam {
                learning_rate: lr,
                beta1,
                beta2,
                epsilon: eps,
                weight_decay,
                decoupled,
                step,
                gradient_scale: grad_scale,
            },
        );
        Ok(())
    })
}

/// Stochastic gradient descent; `buffer` is optional, momentum needs it.
#[wasm_bindgen]
pub fn sgd_step(
    params: usize,
    buffer: usize,
    grads: usize,
    n: usize,
    lr: f64,
    momentum: f64,
    dampening: f64,
    nesterov: bool,
    weight_decay: f64,
    first: bool,
    grad_scale: f64,
) -> u32 {
    run(|call, _| {
        check_finite(&[(4, lr), (5, momentum), (6, dampening), (8, weight_decay), (10, grad_scale)])?;
        let params = call.output(0, params, &[n]);
        let buffer = call.optional_output(1, buffer, &[n]);
        let grads = call.input(2, grads, &[n]);
        let proof = call.check()?;
        sgd::sgd_step(
            params.slice(&proof),
            buffer.map(|buffer| buffer.slice(&proof)),
            grads.slice(&proof),
            Sgd {
                learning_rate: lr,
                momentum,
                dampening,
                nesterov,
                weight_decay,
                first,
                gradient_scale: grad_scale,
            },
        );
        Ok(())
    })
}

/// RMSprop; `grad_avg` asks for the centred form, `buffer` for momentum.
#[wasm_bindgen]
pub fn rmsprop_step(
    params: usize,
    square_avg: usize,
    grad_avg: usize,
    buffer: usize,
    grads: usize,
    n: usize,
    lr: f64,
    alpha: f64,
    eps: f64,
    weight_decay: f64,
    momentum: f64,
    grad_scale: f64,
) -> u32 {
    run(|call, _| {
        check_finite(&[(6, lr), (8, eps), (9, weight_decay), (10, momentum), (11, grad_scale)])?;
        check_share(7, alpha)?;
        let params = call.output(0, params, &[n]);
        let square_avg = call.output(1, square_avg, &[n]);
        let grad_avg = call.optional_output(2, grad_avg, &[n]);
        let buffer = call.optional_output(3, buffer, &[n]);
        let grads = call.input(4, grads, &[n]);
        let proof = call.check()?;
        rmsprop::rmsprop_step(
            params.slice(&proof),
            RmsPropState {
                square_avg: square_avg.slice(&proof),
                grad_avg: grad_avg.map(|average| average.slice(&proof)),
                momentum_buffer: buffer.map(|buffer| buffer.slice(&proof)),
            },
            grads.slice(&proof),
            RmsProp {
                learning_rate: lr,
                alpha,
                epsilon: eps,
                weight_decay,
                momentum,
                gradient_scale: grad_scale,
            },
        );
        Ok(())
    })
}

/// Adagrad; `lr` is that of this step.
#[wasm_bindgen]
pub fn adagrad_step(
    params: usize,
    sum: usize,
    grads: usize,
    n: usize,
    lr: f64,
    eps: f64,
    weight_decay: f64,
    grad_scale: f64,
) -> u32 {
    run(|call, _| {
        check_finite(&[(4, lr), (5, eps), (6, weight_decay), (7, grad_scale)])?;
        let params = call.output(0, params, &[n]);
        let sum = call.output(1, sum, &[n]);
        let grads = call.input(2, grads, &[n]);
        let proof = call.check()?;
        adagrad::adagrad_step(
            params.slice(&proof),
            sum.slice(&proof),
            grads.slice(&proof),
            Adagrad { learning_rate: lr, epsilon: eps, weight_decay, gradient_scale: grad_scale },
        );
        Ok(())
    })
}
