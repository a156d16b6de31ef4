"""Optimisers over twenty updates, and learning rates over time."""

import numpy as np
import torch
from torch.optim import lr_scheduler

from fixture_cases.case import PRECISIONS, Draw, to_numpy, to_torch

# label, class, PyTorch's options by our names
OPTIMISERS = [
    ('sgd', torch.optim.SGD, {'learningRate': 0.05}),
    ('sgd-decay', torch.optim.SGD, {'learningRate': 0.05, 'weightDecay': 0.1}),
    ('sgd-momentum', torch.optim.SGD, {'learningRate': 0.02, 'momentum': 0.9}),
    ('sgd-dampening', torch.optim.SGD, {'learningRate': 0.05, 'momentum': 0.7, 'dampening': 0.3, 'weightDecay': 0.01}),
    ('sgd-nesterov', torch.optim.SGD, {'learningRate': 0.02, 'momentum': 0.9, 'nesterov': True, 'weightDecay': 0.01}),
    ('rmsprop', torch.optim.RMSprop, {'learningRate': 0.01}),
    ('rmsprop-momentum', torch.optim.RMSprop, {'learningRate': 0.01, 'alpha': 0.9, 'momentum': 0.9, 'weightDecay': 0.1}),
    ('rmsprop-centered', torch.optim.RMSprop, {'learningRate': 0.01, 'alpha': 0.95, 'epsilon': 1e-3, 'centered': True}),
    ('rmsprop-all', torch.optim.RMSprop, {'learningRate': 0.005, 'epsilon': 1e-2, 'momentum': 0.5, 'centered': True}),
    ('adagrad', torch.optim.Adagrad, {'learningRate': 0.1}),
    (
        'adagrad-all',
        torch.optim.Adagrad,
        {'learningRate': 0.1, 'learningRateDecay': 0.05, 'weightDecay': 0.01, 'initialAccumulatorValue': 0.1},
    ),
]

NAMES = {
    'learningRate': 'lr',
    'weightDecay': 'weight_decay',
    'epsilon': 'eps',
    'learningRateDecay': 'lr_decay',
    'initialAccumulatorValue': 'initial_accumulator_value',
}

# label, our schedule, PyTorch's by the optimiser
SCHEDULES = [
    ('constant', {'kind': 'constant'}, lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
    ('step', {'kind': 'step', 'every': 7, 'factor': 0.3}, lambda o: lr_scheduler.StepLR(o, 7, gamma=0.3)),
    ('cosine', {'kind': 'cosine', 'steps': 39}, lambda o: lr_scheduler.CosineAnnealingLR(o, 39)),
    (
        'cosine-final',
        {'kind': 'cosine', 'steps': 39, 'final': 0.25},
        lambda o: lr_scheduler.CosineAnnealingLR(o, 39, eta_min=0.25 * 0.02),
    ),
    (
        'warmup-cosine',
        {'kind': 'warmup', 'steps': 8, 'start': 0.1, 'next': {'kind': 'cosine', 'steps': 31}},
        lambda o: lr_scheduler.SequentialLR(
            o,
            [lr_scheduler.LinearLR(o, 0.1, 1.0, 8), lr_scheduler.CosineAnnealingLR(o, 31)],
            milestones=[8],
        ),
    ),
    (
        'warmup-step',
        {'kind': 'warmup', 'steps': 5, 'start': 0.2, 'next': {'kind': 'step', 'every': 4, 'factor': 0.5}},
        lambda o: lr_scheduler.SequentialLR(
            o, [lr_scheduler.LinearLR(o, 0.2, 1.0, 5), lr_scheduler.StepLR(o, 4, gamma=0.5)], milestones=[5]
        ),
    ),
]

# label, our options; PyTorch's follow from them
PLATEAUS = [
    ('min', {'factor': 0.5, 'patience': 2}),
    ('cooldown', {'factor': 0.3, 'patience': 1, 'cooldown': 3, 'minimum': 1e-3}),
    ('max', {'mode': 'max', 'factor': 0.5, 'patience': 2, 'threshold': 0.05}),
    ('absolute', {'factor': 0.5, 'patience': 3, 'threshold': 0.2, 'absolute': True}),
]


def optimiser_cases():
    for label, optimiser_class, options in OPTIMISERS:
        name = f'optimisers/{label}'
        draw = Draw(name)
        params, grads = draw.uniform(37), draw.uniform(20, 37) * draw.uniform(20, 1, low=0.01, high=4.0)
        tensors = {'in.params': params, 'in.grads': grads}
        for precision, dtype in PRECISIONS.items():
            leaf = to_torch(params, dtype, grad=True)
            optimiser = optimiser_class([leaf], **{NAMES.get(key, key): value for key, value in options.items()})
            trace = []
            for grad in grads:
                leaf.grad = to_torch(grad, dtype)
                optimiser.step()
                trace.append(to_numpy(leaf))
            tensors[f'{precision}.params'] = np.stack(trace)
            for key, value in optimiser.state[leaf].items():
                if key != 'step' and value is not None:
                    tensors[f'{precision}.state.{key}'] = to_numpy(value)
        yield {'name': name, 'config': {'kind': optimiser_class.__name__, 'options': options}, 'tensors': tensors}


def rates(steps, rate, scheduler_of, advance):
    """The learning rate of each of `steps` updates."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = scheduler_of(optimiser)
    trace = []
    for step in range(steps):
        trace.append(optimiser.param_groups[0]['lr'])
        optimiser.step()
        advance(scheduler, step)
    return np.array(trace)


def schedule_cases():
    for label, schedule, scheduler_of in SCHEDULES:
        trace = rates(40, 0.02, scheduler_of, lambda scheduler, step: scheduler.step())
        config = {'rate': 0.02, 'schedule': schedule}
        yield {'name': f'schedules/{label}', 'config': config, 'tensors': {'f64.rates': trace}}


def plateau_cases():
    for label, options in PLATEAUS:
        name = f'plateaus/{label}'
        draw = Draw(name)
        # Falls, then wanders: improvements, plateaus and cooling all happen.
        measures = np.maximum(3.0 - 0.25 * np.arange(40), 1.0).astype(np.float32) + draw.uniform(40, low=0.0, high=0.5)
        if options.get('mode') == 'max':
            measures = 4 - measures
        translated = {
            'mode': options.get('mode', 'min'),
            'factor': options['factor'],
            'patience': options['patience'],
            'threshold': options.get('threshold', 1e-4),
            'threshold_mode': 'abs' if options.get('absolute') else 'rel',
            'cooldown': options.get('cooldown', 0),
            'min_lr': options.get('minimum', 0),
        }
        trace = rates(
            40,
            0.1,
            lambda optimiser, translated=translated: lr_scheduler.ReduceLROnPlateau(optimiser, **translated),
            lambda scheduler, step, measures=measures: scheduler.step(float(measures[step])),
        )
        tensors = {'in.measures': measures, 'f64.rates': trace}
        yield {'name': name, 'config': {'rate': 0.1, 'options': options}, 'tensors': tensors}


def cases():
    yield from optimiser_cases()
    yield from schedule_cases()
    yield from plateau_cases()
