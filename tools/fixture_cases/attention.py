"""Attention: PyTorch's own functions and modules where it has them, expressions of PyTorch where it has not."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from fixture_cases.case import Draw, differentiable_case


def visible(mask):
    """A mask of 0 and 1 for PyTorch: True takes part."""
    return mask != 0


def lower_right(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)


# ---- scaled_dot_product_attention --------------------------------------------------------------------------------

# B, T, S, N, M, D, V, what hides keys
SDPA_CASES = [
    (1, 1, 1, 1, 1, 1, 1, ''),
    (2, 3, 5, 4, 4, 3, 3, ''),
    (2, 5, 5, 4, 2, 8, 8, 'causal'),
    (1, 4, 9, 3, 1, 5, 7, 'causal'),
    (2, 17, 33, 2, 2, 16, 9, 'boolean'),
    (2, 9, 7, 4, 2, 4, 5, 'additive'),
    (3, 1, 8, 2, 2, 4, 4, 'lengths'),
    (2, 7, 130, 2, 1, 3, 4, 'lengths'),
]


def sdpa_cases():
    for batch, queries, keys, heads, kv_heads, dim, value_dim, hidden in SDPA_CASES:
        sizes = f'b{batch}-t{queries}-s{keys}-n{heads}-m{kv_heads}-d{dim}-v{value_dim}'
        name = f'attention/{sizes}{f"-{hidden}" if hidden else ""}'
        draw = Draw(name)
        inputs = {
            'q': draw.uniform(batch, queries, heads, dim, low=-2.0, high=2.0),
            'k': draw.uniform(batch, keys, kv_heads, dim, low=-2.0, high=2.0),
            'v': draw.uniform(batch, keys, kv_heads, value_dim),
        }
        if hidden == 'additive':
            inputs['mask'] = draw.uniform(heads, 1, keys, low=-2.0, high=2.0)
        if hidden == 'boolean':
            inputs['mask'] = draw.integers(2, batch, 1, queries, keys)
            # A row without any key is NaN in PyTorch.
            inputs['mask'][..., 0] = 1
        if hidden == 'lengths':
            inputs['lengths'] = draw.integers(keys, batch) + np.int32(1)

        def forward(q, k, v, mask=None, lengths=None, hidden=hidden):
            group = q.shape[2] // k.shape[2]
            if hidden == 'causal':
                mask = lower_right(q.shape[1], k.shape[1])
            if hidden == 'boolean':
                mask = visible(mask)
            if lengths is not None:
                mask = (torch.arange(k.shape[1]) < lengths[:, None])[:, None, None, :]
            heads_first = [x.transpose(1, 2) for x in (q, k.repeat_interleave(group, 2), v.repeat_interleave(group, 2))]
            return (F.scaled_dot_product_attention(*heads_first, attn_mask=mask).transpose(1, 2),)

        yield differentiable_case(name, {'causal': hidden == 'causal'}, inputs, forward, ['y'])


# ---- modes -------------------------------------------------------------------------------------------------------


def threshold(z, power):
    """tau of sparsemax (power 1) or 1.5-entmax (power 2) by the sorted formulas, differentiable through the sort."""
    ordered = torch.sort(z, dim=-1, descending=True).values
    count = torch.arange(1, z.shape[-1] + 1, dtype=z.dtype)
    sums = ordered.cumsum(-1)
    if power == 1:
        taus = (sums - 1) / count
    else:
        mean, squares = sums / count, (ordered**2).cumsum(-1) / count
        taus = mean - ((1 - count * (squares - mean**2)) / count).clamp(min=1e-12).sqrt()
    support = (ordered > taus).sum(-1, keepdim=True)
    return taus.gather(-1, support - 1)


def hard(z):
    """One-hot at the first of the largest."""
    return F.one_hot(z.argmax(-1), z.shape[-1]).to(z.dtype)


def straight_through(z):
    soft = z.softmax(-1)
    return hard(z) + soft - soft.detach()


MODES = {
    'softmax': lambda z: z.softmax(-1),
    'sparsemax': lambda z: (z - threshold(z, 1)).clamp(min=0),
    'entmax15': lambda z: (z / 2 - threshold(z / 2, 2)).clamp(min=0) ** 2,
    'argmax': lambda z: hard(z) + 0 * z,
    'straight-through': straight_through,
}


def mode_cases():
    for mode, function in MODES.items():
        for batch, queries, keys, heads, dim, value_dim, temperature in [
            (2, 3, 5, 2, 4, 3, 0.5),
            (1, 5, 33, 1, 8, 5, 2.0),
        ]:
            name = f'attention-mode/{mode}-t{queries}-s{keys}-n{heads}'
            draw = Draw(name)
            inputs = {
                'q': draw.uniform(batch, queries, heads, dim, low=-2.0, high=2.0),
                'k': draw.uniform(batch, keys, heads, dim, low=-2.0, high=2.0),
                'v': draw.uniform(batch, keys, heads, value_dim),
            }

            def forward(q, k, v, function=function, temperature=temperature):
                z = torch.einsum('btnd,bsnd->bnts', q, k) / q.shape[-1] ** 0.5 / temperature
                weights = function(z)
                return torch.einsum('bnts,bsnv->btnv', weights, v), weights

            config = {'mode': mode, 'temperature': temperature}
            yield differentiable_case(name, config, inputs, forward, ['y', 'weights'])


# ---- modules -----------------------------------------------------------------------------------------------------

# B, T, S (0: self), E, N, kdim, vdim, bias, what hides keys
MULTI_HEAD_CASES = [
    (2, 5, 0, 8, 2, None, None, True, ''),
    (2, 5, 0, 12, 3, None, None, False, 'causal'),
    (2, 3, 7, 8, 4, None, None, True, 'padding'),
    (2, 4, 6, 8, 2, 5, 3, True, 'mask'),
]


def multi_head_case(batch, queries, keys, size, heads, key_size, value_size, bias, hidden):
    kind = 'self' if keys == 0 else 'cross'
    sizes = f'-k{key_size}-v{value_size}' if key_size else ''
    name = f'multi-head-attention/{kind}-e{size}-n{heads}{sizes}{"" if bias else "-nobias"}{f"-{hidden}" if hidden else ""}'
    draw = Draw(name)
    module = nn.MultiheadAttention(size, heads, bias=bias, kdim=key_size, vdim=value_size, batch_first=True)
    inputs = {'x': draw.uniform(batch, queries, size, low=-2.0, high=2.0)}
    if keys:
        inputs['key'] = draw.uniform(batch, keys, key_size or size, low=-2.0, high=2.0)
        inputs['value'] = draw.uniform(batch, keys, value_size or size)
    for key, value in module.state_dict().items():
        inputs[key] = draw.uniform(*value.shape, low=-0.5, high=0.5)
    if hidden == 'padding':
        inputs['lengths'] = np.array([7, 4], dtype=np.int32)
    if hidden == 'mask':
        inputs['mask'] = draw.integers(2, queries, keys)
        inputs['mask'][:, 0] = 1

    def forward(x, key=None, value=None, lengths=None, mask=None, **weights):
        fresh = nn.MultiheadAttention(size, heads, bias=bias, kdim=key_size, vdim=value_size, batch_first=True)
        key, value = (x, x) if key is None else (key, value)
        # In this module True hides a key.
        padding = None if lengths is None else torch.arange(key.shape[1]) >= lengths[:, None]
        attn_mask = None if mask is None else ~visible(mask)
        if hidden == 'causal':
            attn_mask = ~lower_right(x.shape[1], x.shape[1])
        options = {'key_padding_mask': padding, 'attn_mask': attn_mask, 'average_attn_weights': False}
        return torch.func.functional_call(fresh.to(x.dtype), weights, (x, key, value), options)

    config = {
        'embeddingSize': size,
        'numHeads': heads,
        'keySize': key_size,
        'valueSize': value_size,
        'bias': bias,
        'causal': hidden == 'causal',
    }
    return differentiable_case(name, config, inputs, forward, ['y', 'weights'])


def decoder_cases():
    """Bahdanau's and Luong's scores over keys of different lengths, for some steps at once and for a single one."""
    scores = {
        'additive': lambda q, k, w: torch.einsum(
            'a,btsa->bts',
            w['score.weight'][0],
            torch.tanh(
                F.linear(q, w['query.weight'])[:, :, None] + F.linear(k, w['key.weight'], w['key.bias'])[:, None]
            ),
        ),
        'dot': lambda q, k, w: q @ k.transpose(1, 2),
        'scaled': lambda q, k, w: q @ k.transpose(1, 2) / q.shape[-1] ** 0.5,
        'general': lambda q, k, w: q @ w['key.weight'] @ k.transpose(1, 2),
    }
    for score, function in scores.items():
        for batch, queries, keys in [(3, 1, 8), (2, 6, 9)]:
            name = f'decoder-attention/{score}-t{queries}-s{keys}'
            draw = Draw(name)
            query_size, key_size, width = (5, 7, 9) if score in ('additive', 'general') else (7, 7, 0)
            inputs = {
                'query': draw.uniform(batch, queries, query_size),
                'keys': draw.uniform(batch, keys, key_size),
                'lengths': draw.integers(keys, batch) + np.int32(1),
            }
            if score == 'additive':
                inputs['query.weight'] = draw.uniform(width, query_size)
                inputs['key.weight'] = draw.uniform(width, key_size)
                inputs['key.bias'] = draw.uniform(width)
                inputs['score.weight'] = draw.uniform(1, width, low=-2.0, high=2.0)
            if score == 'general':
                inputs['key.weight'] = draw.uniform(query_size, key_size)

            def forward(query, keys, lengths, function=function, **weights):
                seen = torch.arange(keys.shape[1]) < lengths[:, None]
                z = function(query, keys, weights).masked_fill(~seen[:, None], -torch.inf)
                alignment = z.softmax(-1)
                return alignment @ keys, alignment[:, None]

            config = {'score': score, 'querySize': query_size, 'keySize': key_size, 'attentionSize': width}
            yield differentiable_case(name, config, inputs, forward, ['y', 'weights'])


# post-norm with biases and without heads of their own, as nn.TransformerEncoderLayer has it, and pre-norm
BLOCK_CASES = [(2, 5, 8, 2, 16, 'post'), (1, 7, 12, 3, 20, 'pre')]


def block_case(batch, steps, size, heads, inner, norm):
    name = f'transformer-block/{norm}-e{size}-n{heads}'
    draw = Draw(name)

    def layer():
        return nn.TransformerEncoderLayer(
            size, heads, inner, dropout=0.0, batch_first=True, norm_first=norm == 'pre'
        )

    inputs = {'x': draw.uniform(batch, steps, size, low=-2.0, high=2.0)}
    for key, value in layer().state_dict().items():
        low, high = (0.5, 1.5) if key.startswith('norm') and key.endswith('weight') else (-0.5, 0.5)
        inputs[key] = draw.uniform(*value.shape, low=low, high=high)

    def forward(x, **weights):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], dtype=x.dtype)
        return (torch.func.functional_call(layer().to(x.dtype), weights, (x, mask)),)

    config = {'embeddingSize': size, 'numHeads': heads, 'feedForwardSize': inner, 'norm': norm}
    return differentiable_case(name, config, inputs, forward, ['y'])


def cases():
    yield from sdpa_cases()
    yield from mode_cases()
    for parameters in MULTI_HEAD_CASES:
        yield multi_head_case(*parameters)
    yield from decoder_cases()
    for parameters in BLOCK_CASES:
        yield block_case(*parameters)
