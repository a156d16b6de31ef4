"""Losses with their options. A mask, which PyTorch has not, weighs the unreduced losses by hand."""

import numpy as np
import torch
from torch.nn import functional as F

from fixture_cases.case import Draw, differentiable_case

# label, rows, classes, ignored target or None, class weights, smoothing, mask, reduction
CROSS_ENTROPY = [
    ('ignore', 9, 5, -100, False, 0.0, False, 'mean'),
    ('ignore-sum', 9, 5, 2, False, 0.0, False, 'sum'),
    ('weight', 17, 4, None, True, 0.0, False, 'mean'),
    ('smoothing', 3, 33, None, False, 0.1, False, 'mean'),
    ('mask', 9, 7, None, False, 0.0, True, 'mean'),
    ('all', 33, 17, 3, True, 0.2, True, 'mean'),
    ('all-sum', 5, 3, -1, True, 1.0, True, 'sum'),
]

# label, shape, weight of positive answers, mask, reduction
BINARY = [
    ('plain', (17,), False, False, 'mean'),
    ('weight', (5, 3), True, False, 'sum'),
    ('mask', (3, 9), False, True, 'mean'),
    ('all', (2, 3, 7), True, True, 'mean'),
]

# label, shape, mask, reduction
SQUARED = [('plain', (3, 17), False, 'mean'), ('sum', (9,), False, 'sum'), ('mask', (5, 4), True, 'mean')]

# label, steps, classes, input lengths, target lengths, blank, reduction, a row that does not fit counts zero
CTC = [
    ('tiny', 1, 2, (1,), (1,), 0, 'mean', False),
    ('lengths', 17, 5, (17, 9, 13), (6, 0, 3), 0, 'mean', False),
    ('blank', 12, 9, (12, 12), (5, 3), 8, 'sum', False),
    ('zero-infinity', 6, 3, (6, 2, 5), (2, 4, 1), 1, 'mean', True),
    ('long', 150, 33, (150, 120), (40, 60), 0, 'mean', False),
]


def weigh(losses, weights, mask, reduction):
    """The sum of masked losses, by the masked weights where a mean is asked for."""
    total = (losses * mask).sum()
    return (total / (weights * mask).sum() if reduction == 'mean' else total).reshape(1)


def some_mask(draw, *shape):
    """Ones, zeros and a few halves; never all zeros."""
    mask = np.array([1.0, 0.0, 1.0, 0.5], dtype=np.float32)[draw.integers(4, *shape)]
    mask.flat[0] = 1.0
    return mask


def cross_entropy_cases():
    for label, rows, classes, ignore, weighted, smoothing, masked, reduction in CROSS_ENTROPY:
        name = f'cross-entropy-options/{label}'
        draw = Draw(name)
        targets = draw.integers(classes, rows)
        if ignore is not None:
            targets[1::3] = ignore
        inputs = {'logits': draw.uniform(rows, classes, low=-3.0, high=3.0), 'targets': targets}
        if weighted:
            inputs['weight'] = draw.uniform(classes, low=0.25, high=2.0)
        if masked:
            inputs['mask'] = some_mask(draw, rows)

        def forward(logits, targets, weight=None, mask=None):
            options = {'weight': weight, 'label_smoothing': smoothing}
            if ignore is not None:
                options['ignore_index'] = ignore
            if mask is None:
                return (F.cross_entropy(logits, targets, reduction=reduction, **options).reshape(1),)
            kept = targets != (-100 if ignore is None else ignore)
            ones = torch.ones(classes, dtype=logits.dtype) if weight is None else weight
            weights = ones[targets.clamp(min=0)] * kept
            return (weigh(F.cross_entropy(logits, targets, reduction='none', **options), weights, mask, reduction),)

        config = {'ignoreIndex': ignore, 'labelSmoothing': smoothing, 'reduction': reduction}
        yield differentiable_case(name, config, inputs, forward, ['y'], constants=['weight', 'mask'])


def binary_cases():
    for label, shape, weighted, masked, reduction in BINARY:
        name = f'binary-cross-entropy/{label}'
        draw = Draw(name)
        inputs = {'x': draw.uniform(*shape, low=-20.0, high=20.0), 'y': draw.uniform(*shape, low=0.0, high=1.0)}
        inputs['y'][..., ::2] = inputs['y'][..., ::2].round()
        if weighted:
            inputs['posWeight'] = draw.uniform(shape[-1], low=0.25, high=4.0)
        if masked:
            inputs['mask'] = some_mask(draw, *shape)

        def forward(x, y, posWeight=None, mask=None):
            def loss(reduction):
                return F.binary_cross_entropy_with_logits(x, y, pos_weight=posWeight, reduction=reduction)

            if mask is None:
                return (loss(reduction).reshape(1),)
            return (weigh(loss('none'), torch.ones_like(mask), mask, reduction),)

        constants = ['y', 'posWeight', 'mask']
        yield differentiable_case(name, {'reduction': reduction}, inputs, forward, ['y'], constants=constants)


def squared_cases():
    for label, shape, masked, reduction in SQUARED:
        name = f'mse/{label}'
        draw = Draw(name)
        inputs = {'x': draw.uniform(*shape, low=-3.0, high=3.0), 'y': draw.uniform(*shape)}
        if masked:
            inputs['mask'] = some_mask(draw, *shape)

        def forward(x, y, mask=None):
            if mask is None:
                return (F.mse_loss(x, y, reduction=reduction).reshape(1),)
            return (weigh(F.mse_loss(x, y, reduction='none'), torch.ones_like(mask), mask, reduction),)

        yield differentiable_case(name, {'reduction': reduction}, inputs, forward, ['y'], constants=['mask'])


def ctc_cases():
    for label, steps, classes, input_lengths, target_lengths, blank, reduction, zero_infinity in CTC:
        name = f'ctc/{label}'
        draw = Draw(name)
        batch, longest = len(input_lengths), max(target_lengths)
        targets = draw.integers(classes - 1, batch, longest)
        targets += (targets >= blank).astype(np.int32)
        inputs = {
            'logits': draw.uniform(steps, batch, classes, low=-4.0, high=4.0),
            'targets': targets,
            'inputLengths': np.array(input_lengths, dtype=np.int32),
            'targetLengths': np.array(target_lengths, dtype=np.int32),
        }

        def forward(logits, targets, inputLengths, targetLengths):
            log_probs = F.log_softmax(logits, dim=-1)
            loss = F.ctc_loss(
                log_probs, targets, inputLengths, targetLengths, blank, reduction, zero_infinity=zero_infinity
            )
            return (loss.reshape(1),)

        config = {'blank': blank, 'reduction': reduction, 'zeroInfinity': zero_infinity}
        yield differentiable_case(name, config, inputs, forward, ['y'])


def cases():
    yield from cross_entropy_cases()
    yield from binary_cases()
    yield from squared_cases()
    yield from ctc_cases()
