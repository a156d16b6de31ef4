"""RNN, GRU and LSTM over layers, directions and lengths in plain NumPy, with every line that people get wrong open to be
written wrong: `bug in bugs` (planted_bugs.py) turns one of them into the mistake of that name.
"""

import numpy as np

ORDERS = {'lstm': 'ifgo', 'gru': 'rzn'}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def blocks(kind, row, bugs):
    """The gates of a row by their letters."""
    order = next((bug.split()[-1] for bug in bugs if bug.startswith(f'{kind} gate order')), ORDERS[kind])
    return dict(zip(order, np.split(row, len(order), axis=1), strict=True)), order


# ---- one step ----------------------------------------------------------------------------------------------------
# a = x W_ih^T + b_ih, u = h W_hh^T + b_hh; a step gives h, c and what its backward needs; backward gives da, du, what
# reaches the h before by another way than u, and dc of the step before.


def lstm_step(a, u, h, c, w, bugs):
    z, order = blocks('lstm', a + u, bugs)
    if 'input gate peeps at c' in bugs:
        z['i'] = z['i'] + c
    i, f, o = sigmoid(z['i']), sigmoid(z['f']), sigmoid(z['o'])
    g = sigmoid(z['g']) if 'g by sigmoid' in bugs else np.tanh(z['g'])
    if 'forget gate plus one' in bugs:
        f = sigmoid(z['f'] + 1)
    if 'forget gate is 1 - i' in bugs:
        f = 1 - i
    c_next = f * c + i * g
    tanh_c = c_next if 'no tanh of c in h' in bugs else np.tanh(c_next)
    return o * tanh_c, c_next, (i, f, g, o, c, c_next, tanh_c, order)


def lstm_back(dh, dc, saved, w, bugs):
    i, f, g, o, c, c_next, tanh_c, order = saved
    slope = 1 if 'dc of h without 1 - tanh^2' in bugs else 1 - tanh_c**2
    dc = dc + dh * o * slope
    d = {
        'i': dc * g * i * (1 - i),
        'f': dc * (c_next if 'df from c_t' in bugs else c) * f * (1 - f),
        'g': dc * i * (g * (1 - g) if 'dz of g as of a sigmoid' in bugs else 1 - g**2),
        'o': dh * tanh_c * (1 if 'dz of o without sigmoid slope' in bugs else o * (1 - o)),
    }
    dz = np.concatenate([d[gate] for gate in order], axis=1)
    before = dc if 'dc through time without forget gate' in bugs else dc * f
    return dz, dz, 0 * dh, 0 * before if 'dc through time ignored' in bugs else before


def gru_step(a, u, h, c, w, bugs):
    (a, order), u = blocks('gru', a, bugs), blocks('gru', u, bugs)[0]
    r, z = sigmoid(a['r'] + u['r']), sigmoid(a['z'] + u['z'])
    u_n = u['n']
    if 'reset before the product' in bugs:
        u_n = (r * h) @ np.split(w['weight_hh'], 3)[2].T
    if 'b_hn outside the reset' in bugs and 'bias_hh' in w:
        bias = np.split(w['bias_hh'], 3)[2]
        pre = a['n'] + r * (u_n - bias) + bias
    else:
        pre = a['n'] + (u_n if 'reset not applied' in bugs or 'reset before the product' in bugs else r * u_n)
    n = sigmoid(pre) if 'n by sigmoid' in bugs else np.tanh(pre)
    h_next = (1 - z) * h + z * n if 'z and 1 - z exchanged' in bugs else (1 - z) * n + z * h
    return h_next, c, (r, z, n, u_n, h, order)


def gru_back(dh, dc, saved, w, bugs):
    r, z, n, u_n, h, order = saved
    d_n = dh * (1 - z) * (1 if 'dz of n without tanh slope' in bugs else 1 - n**2)
    d_z = dh * (-n if 'dz of z without h' in bugs else h - n) * z * (1 - z)
    d_r = 0 * d_n if 'dr missing' in bugs else d_n * u_n * r * (1 - r)
    da = {'r': d_r, 'z': d_z, 'n': d_n}
    du = {**da, 'n': d_n if 'du of n without reset' in bugs else d_n * r}
    passed = 0 * dh if 'dh through z missing' in bugs else dh * z
    return *(np.concatenate([d[gate] for gate in order], axis=1) for d in (da, du)), passed, dc


def rnn_step(relu):
    def step(a, u, h, c, w, bugs):
        z = a + u
        exchanged = 'tanh and relu exchanged' in bugs
        h_next = np.maximum(z, 0) if relu != exchanged else np.tanh(z)
        return h_next, c, (h_next,)

    return step


def rnn_back(relu):
    def back(dh, dc, saved, w, bugs):
        (h,) = saved
        if relu:
            dz = dh if 'slope of relu missing' in bugs else dh * (h > 0)
        else:
            dz = dh if 'slope of tanh missing' in bugs else dh * (1 - h**2)
        return dz, dz, 0 * dh, dc

    return back


CELLS = {
    'lstm': (lstm_step, lstm_back),
    'gru': (gru_step, gru_back),
    'rnn-tanh': (rnn_step(False), rnn_back(False)),
    'rnn-relu': (rnn_step(True), rnn_back(True)),
}


# ---- one direction over time -------------------------------------------------------------------------------------


def direction_forward(kind, x, w, h, c, lengths, reverse, bugs):
    """y, the last h and c, and what backward needs, step by step in the order they were taken."""
    steps, tape, y = range(len(x)), [], np.zeros((*x.shape[:2], h.shape[1]))
    start = (h, c)
    if 'lengths ignored' in bugs or (reverse and 'reverse starts at T' in bugs):
        lengths = np.full_like(lengths, len(x))
    if 'lengths sorted, rows not' in bugs:
        lengths = np.sort(lengths)[::-1]
    for t in reversed(steps) if reverse else steps:
        if 'state not carried between steps' in bugs:
            h, c = start
        recurrent = w['weight_hh']
        if 'W_hh not transposed' in bugs:
            # As [G][H, H] blocks, each used the wrong way round.
            size = h.shape[1]
            recurrent = np.concatenate([block.T for block in np.split(recurrent, len(recurrent) // size)])
        a, u = x[t] @ w['weight_ih'].T, h @ recurrent.T
        if 'bias_ih' in w:
            a = a if 'bias_ih ignored' in bugs else a + w['bias_ih']
            u = u if 'bias_hh ignored' in bugs else u + w['bias_hh']
        taken = (t < lengths)[:, None]
        h_next, c_next, saved = CELLS[kind][0](a, u, h, c, w, bugs)
        if 'batch rows after the first get h of the first' in bugs:
            h_next = np.broadcast_to(h_next[:1], h_next.shape).copy()
        goes_on = taken | ('state goes on behind the end' in bugs)
        tape.append((t, taken, x[t], h, saved, h_next))
        h, c = np.where(goes_on, h_next, h), np.where(goes_on, c_next, c)
        y[t] = h if 'output not zero behind the end' in bugs else np.where(taken, h_next, 0)
    if 'hn of the first step' in bugs:
        h = tape[0][-1]
    if 'hn of the last step of all' in bugs:
        h = y[0 if reverse else -1]
    return y[::-1] if reverse and 'reverse output in turn order' in bugs else y, h, c, tape


def direction_backward(kind, dy, dh, dc, w, tape, bugs):
    """BPTT; dh, dc are the gradients of the last states beside dy."""
    grads = {name: np.zeros_like(value) for name, value in w.items()}
    dx = np.zeros((len(tape), *tape[0][2].shape))
    dhn = dh
    if 'dhn at step T only' in bugs:
        dh = np.where(tape[-1][1], dh, 0)
    for number, (t, taken, x_t, h_before, saved, h) in reversed(list(enumerate(tape))):
        first, last = number == 0, number == len(tape) - 1
        if not ('dy of the last step only' in bugs and not last):
            dh = dh + (dy[t] if 'dy behind the end counted' in bugs else np.where(taken, dy[t], 0))
        da, du, passed, dc_before = CELLS[kind][1](dh, dc, saved, w, bugs)
        if 'dz behind the end kept' not in bugs:
            da, du = np.where(taken, da, 0), np.where(taken, du, 0)
        if not ('dW_ih of the last step only' in bugs and not last):
            grads['weight_ih'] += da.T @ x_t
        if not ('dW_hh without h0' in bugs and first):
            grads['weight_hh'] += du.T @ (h if 'dW_hh from h_t' in bugs else h_before)
        if 'bias_ih' in w:
            total = np.mean if 'dbias is the mean over rows' in bugs else np.sum
            grads['bias_ih'] += total(da, axis=0)
            if 'dbias_hh missing' not in bugs:
                grads['bias_hh'] += total(da if 'dbias_hh is dbias_ih' in bugs else du, axis=0)
        size = h.shape[1] if 'dx through the first gate only' in bugs else len(w['weight_ih'])
        dx[t] = da[:, :size] @ w['weight_ih'][:size]
        back = 0 * dh if 'dh through time ignored' in bugs else du @ w['weight_hh'] + passed
        dh = np.where(taken, back, 0 * dh if 'dh lost behind the end' in bugs else dh)
        dc = np.where(taken, dc_before, dc)
    return dx, dhn if 'dh0 is dhn' in bugs else dh, dc, grads


# ---- layers ------------------------------------------------------------------------------------------------------


def run(tensors, config, bugs):
    """Every output and gradient of one fixture, by the fixture's names."""
    kind, layers = config.get('kind', 'lstm'), config['layers']
    suffixes = ['', '_reverse'] if config.get('bidirectional') else ['']
    count = len(suffixes)
    given = {name[3:]: value.astype(np.float64) for name, value in tensors.items() if name.startswith('in.')}
    x = given['x']
    lengths = np.array(config.get('lengths') or [x.shape[0]] * x.shape[1])
    zeros = np.zeros((layers * count, x.shape[1], given['weight_hh_l0'].shape[1]))
    h0 = zeros if 'h0 ignored' in bugs else given.get('h0', zeros)
    c0 = zeros if 'c0 ignored' in bugs else given.get('c0', zeros)
    if 'h0 and c0 exchanged' in bugs:
        h0, c0 = c0, h0
    names = [name for name in ('weight_ih', 'weight_hh', 'bias_ih', 'bias_hh') if f'{name}_l0' in given]

    def weights(layer, suffix):
        if 'weights of layer 0 in every layer' in bugs and x.shape[2] == zeros.shape[2] * count:
            layer = 0
        if 'forward weights for both directions' in bugs:
            suffix = ''
        return {name: given[f'{name}_l{layer}{suffix}'] for name in names}

    def state_of(layer, d):
        layer = 0 if 'state of layer 0 used for all layers' in bugs else layer
        return layer * count + (0 if 'state of the forward direction for both' in bugs else d)

    tapes, last, sequence = {}, [], x
    for layer in range(layers):
        outputs = []
        for d, suffix in enumerate(suffixes):
            k, reverse = state_of(layer, d), d == 1 and 'both directions forward' not in bugs
            w = weights(layer, suffix)
            y, h, c, tapes[layer, d] = direction_forward(kind, sequence, w, h0[k], c0[k], lengths, reverse, bugs)
            outputs.append(y)
            last.append((h, h if 'cn is hn' in bugs else c))
        sequence = np.concatenate(outputs[::-1] if 'directions exchanged in y' in bugs else outputs, axis=2)
    if 'hn of layer 0 for all layers' in bugs:
        last = last[:count] * layers
    if 'directions exchanged in hn' in bugs:
        last = [last[k ^ 1 if count == 2 else k] for k in range(len(last))]
    results = {'y': sequence, 'hn': np.stack([h for h, _ in last]), 'cn': np.stack([c for _, c in last])}

    dy, dstates = given['w_y'], {}
    for layer in reversed(range(layers)):
        total = 0
        for d, (suffix, part) in enumerate(zip(suffixes, np.split(dy, count, axis=2), strict=True)):
            k = layer * count + d
            dhn = (0 if 'dhn ignored' in bugs else 1) * given['w_hn'][k]
            dcn = (0 if 'dcn ignored' in bugs else 1) * given.get('w_cn', zeros)[k]
            w = weights(layer, suffix)
            dx, *dstates[k], grads = direction_backward(kind, part, dhn, dcn, w, tapes[layer, d], bugs)
            total = dx if 'dx of the last direction only' in bugs else total + dx
            results.update({f'grad.{name}_l{layer}{suffix}': grad for name, grad in grads.items()})
        dy = 0 * total if 'dx of layer 1 not passed down' in bugs and layer > 0 else total
    results['grad.x'] = dy
    for index, name in enumerate(['h0', 'c0']):
        stacked = np.stack([dstates[k][index] for k in sorted(dstates)])
        results[f'grad.{name}'] = 0 * stacked if f'd{name} missing' in bugs else stacked
    return {name: value for name, value in results.items() if f'f64.{name}' in tensors}
