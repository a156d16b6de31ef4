"""Do the LSTM fixtures notice mistakes? Plant one at a time in a plain NumPy LSTM and count the fixtures that fail.

    python tools/planted_bugs.py        exit code 1 when the correct LSTM fails or a planted bug survives

Each bug is a wrong line as people write them: another gate order, a forgotten state, BPTT cut short. A bug survives
when every fixture still agrees to 1e-5 of each tensor's largest entry, the tolerance of the float32 tests.
"""

import itertools
import json
import sys

import numpy as np

from fixtures import FOLDER, decode

TOLERANCE = 1e-5
GATES = 'ifgo'

BUGS = {
    f'gate order {"".join(order)}': {'order': ''.join(order)}
    for order in itertools.permutations(GATES)
    if ''.join(order) != GATES
}
BUGS.update(
    {
        name: {name: True}
        for name in [
            'bias_ih ignored',
            'bias_hh ignored',
            'h0 ignored',
            'c0 ignored',
            'h0 and c0 exchanged',
            'state not carried between steps',
            'state of layer 0 used for all layers',
            'W_hh not transposed',
            'g by sigmoid',
            'no tanh of c in h',
            'forget gate plus one',
            'forget gate is 1 - i',
            'input gate peeps at c',
            'hn of the first step',
            'hn of layer 0 for all layers',
            'cn is hn',
            'dy of the last step only',
            'dhn ignored',
            'dcn ignored',
            'dh through time ignored',
            'dc through time ignored',
            'dc through time without forget gate',
            'dc of h without 1 - tanh^2',
            'dz of g as of a sigmoid',
            'dz of o without sigmoid slope',
            'dW_hh from h_t',
            'dW_hh without h0',
            'dW_ih of the last step only',
            'dbias_hh missing',
            'dbias is the mean over rows',
            'dx through z_i only',
            'dx of layer 1 not passed down',
            'dh0 missing',
            'dc0 missing',
            'dc0 without forget gate',
            'df from c_t',
            'batch rows after the first get h of the first',
            'weights of layer 0 in every layer',
        ]
    }
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def layer_forward(x, w, h, c, bug):
    """One layer over time; returns the hidden states and what backward needs."""
    hidden = h.shape[1]
    order = bug.get('order', GATES)
    saved, out = [], []
    h_start, c_start = h, c
    for x_t in x:
        if bug.get('state not carried between steps'):
            h, c = h_start, c_start
        recurrent = w['weight_hh']
        if bug.get('W_hh not transposed'):
            # As [4][H, H] blocks, each used the wrong way round.
            recurrent = np.concatenate([block.T for block in np.split(recurrent, 4)])
        z = x_t @ w['weight_ih'].T + h @ recurrent.T
        if 'bias_ih' in w:
            z = (
                z
                + (0 if bug.get('bias_ih ignored') else w['bias_ih'])
                + (0 if bug.get('bias_hh ignored') else w['bias_hh'])
            )
        block = {gate: z[:, k * hidden : (k + 1) * hidden] for k, gate in enumerate(order)}
        if bug.get('input gate peeps at c'):
            block['i'] = block['i'] + c
        i, f, o = sigmoid(block['i']), sigmoid(block['f']), sigmoid(block['o'])
        g = sigmoid(block['g']) if bug.get('g by sigmoid') else np.tanh(block['g'])
        if bug.get('forget gate plus one'):
            f = sigmoid(block['f'] + 1)
        if bug.get('forget gate is 1 - i'):
            f = 1 - i
        c_before, h_before = c, h
        c = f * c + i * g
        tanh_c = c if bug.get('no tanh of c in h') else np.tanh(c)
        h = o * tanh_c
        if bug.get('batch rows after the first get h of the first'):
            h = np.broadcast_to(h[:1], h.shape).copy()
        saved.append((x_t, h_before, c_before, i, f, g, o, c, tanh_c, h))
        out.append(h)
    return np.stack(out), h, c, saved


def layer_backward(dy, dh, dc, w, saved, bug):
    """BPTT of one layer; dh, dc are the gradients of the last states beside dy."""
    order = bug.get('order', GATES)
    grads = {name: np.zeros_like(value) for name, value in w.items()}
    dx = []
    last = len(saved) - 1
    for t in range(last, -1, -1):
        x_t, h_before, c_before, i, f, g, o, c, tanh_c, h = saved[t]
        if not (bug.get('dy of the last step only') and t < last):
            dh = dh + dy[t]
        do = dh * tanh_c
        slope = 1 if bug.get('dc of h without 1 - tanh^2') else 1 - tanh_c**2
        dc = dc + dh * o * slope
        d = {
            'i': dc * g * i * (1 - i),
            'f': dc * (c if bug.get('df from c_t') else c_before) * f * (1 - f),
            'g': dc * i * (g * (1 - g) if bug.get('dz of g as of a sigmoid') else 1 - g**2),
            'o': do * (1 if bug.get('dz of o without sigmoid slope') else o * (1 - o)),
        }
        dz = np.concatenate([d[gate] for gate in order], axis=1)
        if not (bug.get('dW_ih of the last step only') and t < last):
            grads['weight_ih'] += dz.T @ x_t
        if not (bug.get('dW_hh without h0') and t == 0):
            grads['weight_hh'] += dz.T @ (h if bug.get('dW_hh from h_t') else h_before)
        if 'bias_ih' in w:
            total = dz.mean(axis=0) if bug.get('dbias is the mean over rows') else dz.sum(axis=0)
            grads['bias_ih'] += total
            if not bug.get('dbias_hh missing'):
                grads['bias_hh'] += total
        if bug.get('dx through z_i only'):
            hidden = h.shape[1]
            dx.append(dz[:, :hidden] @ w['weight_ih'][:hidden])
        else:
            dx.append(dz @ w['weight_ih'])
        dh = 0 * h_before if bug.get('dh through time ignored') else dz @ w['weight_hh']
        keep_forget = not bug.get('dc through time without forget gate') and not (
            bug.get('dc0 without forget gate') and t == 0
        )
        dc = dc * f if keep_forget else dc
        if bug.get('dc through time ignored') and t > 0:
            dc = 0 * dc
    return np.stack(dx[::-1]), dh, dc, grads


def run(tensors, layers, bug):
    """Every output and gradient of one fixture, by the fixture's names."""
    given = {name[3:]: value.astype(np.float64) for name, value in tensors.items() if name.startswith('in.')}
    x = given['x']
    batch, hidden = x.shape[1], given['weight_hh_l0'].shape[1]
    zeros = np.zeros((layers, batch, hidden))
    h0, c0 = given.get('h0', zeros), given.get('c0', zeros)
    h0 = zeros if bug.get('h0 ignored') else h0
    c0 = zeros if bug.get('c0 ignored') else c0
    if bug.get('h0 and c0 exchanged'):
        h0, c0 = c0, h0
    names = [name for name in ('weight_ih', 'weight_hh', 'bias_ih', 'bias_hh') if f'{name}_l0' in given]
    weights = [{name: given[f'{name}_l{layer}'] for name in names} for layer in range(layers)]
    if bug.get('weights of layer 0 in every layer') and x.shape[2] == hidden:
        weights = [weights[0]] * layers

    results, tapes, states = {}, [], []
    sequence = x
    for layer in range(layers):
        k = 0 if bug.get('state of layer 0 used for all layers') else layer
        sequence, h, c, saved = layer_forward(sequence, weights[layer], h0[k], c0[k], bug)
        tapes.append(saved)
        states.append(
            (saved[0][-1] if bug.get('hn of the first step') else h, h if bug.get('cn is hn') else c)
        )
    if bug.get('hn of layer 0 for all layers'):
        states = [states[0]] * layers
    results['y'] = sequence
    results['hn'], results['cn'] = (np.stack(part) for part in zip(*states, strict=True))

    dy, dh0, dc0 = given['w_y'], [], []
    for layer in range(layers - 1, -1, -1):
        dhn = 0 * given['w_hn'][layer] if bug.get('dhn ignored') else given['w_hn'][layer]
        dcn = 0 * given['w_cn'][layer] if bug.get('dcn ignored') else given['w_cn'][layer]
        dy, dh, dc, grads = layer_backward(dy, dhn, dcn, weights[layer], tapes[layer], bug)
        if bug.get('dx of layer 1 not passed down') and layer > 0:
            dy = 0 * dy
        dh0.append(0 * dh if bug.get('dh0 missing') else dh)
        dc0.append(0 * dc if bug.get('dc0 missing') else dc)
        results.update({f'grad.{name}_l{layer}': grad for name, grad in grads.items()})
    results['grad.x'] = dy
    if 'h0' in given:
        results['grad.h0'], results['grad.c0'] = np.stack(dh0[::-1]), np.stack(dc0[::-1])
    return results


def agrees(tensors, layers, bug):
    for name, value in run(tensors, layers, bug).items():
        expected = tensors[f'f64.{name}']
        if not np.abs(value - expected).max() <= TOLERANCE * np.abs(expected).max():
            return False
    return True


def main():
    index = json.loads((FOLDER / 'index.json').read_text())
    cases = [
        (entry['config']['layers'], decode((FOLDER / entry['file']).read_bytes()))
        for entry in index['cases']
        if entry['name'].startswith('lstm/')
    ]
    wrong = [layers for layers, tensors in cases if not agrees(tensors, layers, {})]
    survivors = 0
    for name, bug in BUGS.items():
        killers = sum(not agrees(tensors, layers, bug) for layers, tensors in cases)
        survivors += killers == 0
        print(f'{killers:3d} of {len(cases)} fixtures notice: {name}')
    print(
        f'the correct LSTM agrees with {len(cases) - len(wrong)} of {len(cases)}; {len(BUGS)} planted bugs, {survivors} survive'
    )
    return 1 if wrong or survivors else 0


if __name__ == '__main__':
    sys.exit(main())
