"""Do the attention fixtures notice mistakes? Plant one at a time in a plain NumPy attention and count those that fail.

    python tools/planted_attention_bugs.py        exit code 1 when the correct attention fails or a planted bug survives

As `planted_bugs.py` does for the LSTM: a bug survives when every fixture still agrees to the tolerance of the float32
tests, 1e-5 of each tensor's largest entry.
"""

import json
import sys

import numpy as np

from fixtures import FOLDER, decode
from planted_bugs import TOLERANCE

BUGS = [
    'no scale',
    'scale 1 / D',
    'scale by the width of v',
    'temperature ignored',
    'temperature multiplies',
    'dz without temperature',
    'causal ignored',
    'causal hides the query itself',
    'causal aligned to the start',
    'causal turned round',
    'mask turned round',
    'mask ignored',
    'mask of the first batch row',
    'additive mask of the first head',
    'dmask missing',
    'dmask scaled like q k',
    'lengths ignored',
    'lengths one too short',
    'lengths of the first row',
    'head n reads head n mod M',
    'head 0 of keys for all',
    'gradients of the last head of a group only',
    'weights of the keys per query instead of per key',
    'softmax over queries',
    'dz without the mean',
    'dz with the mean of dp',
    'dz = dp',
    'dp without v',
    'dq from q',
    'dk from dq of the same place',
    'dk without scale',
    'dv from dz',
    'dv of the last query only',
    'last key dropped',
    'gradient of the weights ignored',
    'argmin for argmax',
    'argmax passes the softmax gradient',
    'straight-through gives soft weights',
    'straight-through stops the gradient',
    'sparsemax support of all keys',
    'sparsemax slope as of softmax',
    'sparsemax mean over all keys',
    'entmax without the half',
    'entmax slope p',
    'entmax slope 1 on the support',
    'entmax weights not squared',
]


def threshold(z, power):
    """tau by bisection: another way than the sorted formulas of the fixtures and the Newton steps of the kernel."""
    low, high = z.max(-1, keepdims=True) - 1, z.max(-1, keepdims=True)
    for _ in range(100):
        middle = (low + high) / 2
        above = (np.maximum(z - middle, 0) ** power).sum(-1, keepdims=True) > 1
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def one_hot(z, bug):
    index = z.argmin(-1) if bug == 'argmin for argmax' else z.argmax(-1)
    return np.eye(z.shape[-1])[index]


def weigh(mode, z, bug):
    """Weights of the forward pass, and u of the slope u (dp - sum(u dp) / sum(u)); None where there is none."""
    if mode == 'sparsemax':
        p = np.maximum(z - threshold(z, 1), 0)
        u = (p > 0).astype(float)
        if bug == 'sparsemax support of all keys':
            u = np.ones_like(p)
        return p, p if bug == 'sparsemax slope as of softmax' else u
    if mode == 'entmax15':
        half = z if bug == 'entmax without the half' else z / 2
        above = np.maximum(half - threshold(half, 2), 0)
        p = above if bug == 'entmax weights not squared' else above**2
        u = {'entmax slope p': p, 'entmax slope 1 on the support': (p > 0).astype(float)}.get(bug, np.sqrt(p))
        return p, u
    p = softmax(z, 2 if bug == 'softmax over queries' else -1)
    if mode == 'argmax':
        return one_hot(z, bug), p if bug == 'argmax passes the softmax gradient' else None
    if mode == 'straight-through':
        forward = p if bug == 'straight-through gives soft weights' else one_hot(z, bug)
        return forward, None if bug == 'straight-through stops the gradient' else p
    return p, p


def visible(given, config, shape, bug):
    """[B, N, T, S]: which key each query sees."""
    batch, heads, queries, keys = shape
    t, s = np.arange(queries)[:, None], np.arange(keys)[None]
    seen = np.ones(shape, dtype=bool)
    if config.get('causal') and bug != 'causal ignored':
        shift = 0 if bug == 'causal aligned to the start' else keys - queries
        limit = t + shift - (bug == 'causal hides the query itself')
        seen &= (s >= t) if bug == 'causal turned round' else (s <= limit)
    if 'lengths' in given and bug != 'lengths ignored':
        lengths = given['lengths'] - (bug == 'lengths one too short')
        if bug == 'lengths of the first row':
            lengths = np.full_like(lengths, lengths[0])
        seen &= (s[0] < lengths[:, None])[:, None, None]
    mask = given.get('mask')
    if mask is not None and mask.dtype == np.int32 and bug != 'mask ignored':
        mask = np.broadcast_to(mask[:1], mask.shape) if bug == 'mask of the first batch row' else mask
        seen &= (mask == 0) if bug == 'mask turned round' else (mask != 0)
    return seen


def run(given, config, bug):
    q, k, v = (given[name].astype(np.float64) for name in 'qkv')
    (batch, queries, heads, dim), (keys, kv_heads) = q.shape, k.shape[1:3]
    group = heads // kv_heads
    head = np.arange(heads) // group
    if bug == 'head n reads head n mod M':
        head = np.arange(heads) % kv_heads
    if bug == 'head 0 of keys for all':
        head = np.zeros(heads, dtype=int)
    k_n, v_n = k[:, :, head], v[:, :, head]
    width = {'no scale': 1, 'scale 1 / D': dim**2, 'scale by the width of v': v.shape[-1]}.get(bug, dim)
    temperature = config.get('temperature', 1)
    temperature = {'temperature ignored': 1, 'temperature multiplies': 1 / temperature}.get(bug, temperature)
    scale = width**-0.5
    z = scale * np.einsum('btnd,bsnd->bnts', q, k_n)
    mask = given.get('mask')
    additive = mask is not None and mask.dtype == np.float32
    if additive and bug != 'mask ignored':
        z = z + (mask[:1] if bug == 'additive mask of the first head' else mask).astype(np.float64)
    z = np.where(visible(given, config, z.shape, bug), z / temperature, -1e30)
    if bug == 'last key dropped' and keys > 1:
        z[..., -1] = -1e30
    p, u = weigh(config.get('mode', 'softmax'), z, bug)

    dy = given['w_y'].astype(np.float64)
    dp = np.einsum('btnv,bsnv->bnts', dy, np.ones_like(v_n) if bug == 'dp without v' else v_n)
    if 'w_weights' in given and bug != 'gradient of the weights ignored':
        dp = dp + given['w_weights']
    if u is None:
        dz = np.zeros_like(dp)
    else:
        total = np.maximum(u.sum(-1, keepdims=True), 1e-300)
        mean = (u * dp).sum(-1, keepdims=True) / total
        if bug == 'dz with the mean of dp':
            mean = dp.mean(-1, keepdims=True)
        if bug == 'sparsemax mean over all keys' and config.get('mode') == 'sparsemax':
            mean = (u * dp).mean(-1, keepdims=True)
        dz = {'dz without the mean': u * dp, 'dz = dp': dp}.get(bug, u * (dp - mean))
    dz = dz / (1 if bug == 'dz without temperature' else temperature)
    weights = p.swapaxes(2, 3) if bug == 'weights of the keys per query instead of per key' and queries == keys else p
    results = {'y': np.einsum('bnts,bsnv->btnv', weights, v_n)}
    if 'w_weights' in given:
        results['weights'] = p
    dq = scale * np.einsum('bnts,bsnd->btnd', dz, q[:, :1] + 0 * k_n if bug == 'dq from q' else k_n)
    dk = (1 if bug == 'dk without scale' else scale) * np.einsum('bnts,btnd->bsnd', dz, q)
    if bug == 'dk from dq of the same place' and queries == keys:
        dk = dq
    carriers = dz if bug == 'dv from dz' else p
    if bug == 'dv of the last query only':
        carriers = carriers * (np.arange(queries) == queries - 1)[:, None]
    dv = np.einsum('bnts,btnv->bsnv', carriers, dy)
    shared = (head[:, None] == np.arange(kv_heads)).astype(float)
    if bug == 'gradients of the last head of a group only':
        shared[: heads - kv_heads] = 0
    results['grad.q'] = dq
    results['grad.k'] = np.einsum('bsnd,nm->bsmd', dk, shared)
    results['grad.v'] = np.einsum('bsnv,nm->bsmv', dv, shared)
    if additive:
        dmask = dz.sum((0, 2))[:, None]
        results['grad.mask'] = {'dmask missing': 0, 'dmask scaled like q k': scale}.get(bug, 1) * dmask
    return results


def agrees(tensors, config, bug):
    given = {name[3:]: value for name, value in tensors.items() if name.startswith('in.')}
    for name, value in run(given, config, bug).items():
        expected = tensors[f'f64.{name}']
        if not np.abs(value - expected).max() <= TOLERANCE * max(np.abs(expected).max(), 1e-9):
            return False
    return True


def main():
    index = json.loads((FOLDER / 'index.json').read_text())
    cases = [
        (entry['name'], entry['config'], decode((FOLDER / entry['file']).read_bytes()))
        for entry in index['cases']
        if entry['name'].startswith(('attention/', 'attention-mode/'))
    ]
    wrong = [name for name, config, tensors in cases if not agrees(tensors, config, None)]
    survivors = 0
    for bug in BUGS:
        killers = sum(not agrees(tensors, config, bug) for _, config, tensors in cases)
        survivors += killers == 0
        print(f'{killers:3d} of {len(cases)} fixtures notice: {bug}')
    print(
        f'the correct attention agrees with {len(cases) - len(wrong)} of {len(cases)}{"".join(f", not {name}" for name in wrong)}; '
        f'{len(BUGS)} planted bugs, {survivors} survive'
    )
    return 1 if wrong or survivors else 0


if __name__ == '__main__':
    sys.exit(main())
