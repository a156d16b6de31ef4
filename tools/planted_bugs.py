"""Do the recurrent fixtures notice mistakes? Plant one at a time in plain NumPy cells and count the fixtures that fail.

    python tools/planted_bugs.py        exit code 1 when the correct cells fail or a planted bug survives

Each bug is a wrong line as people write them: another gate order, a forgotten state, BPTT cut short, a row that goes on
behind its end. A bug survives when every fixture still agrees to 1e-5 of each tensor's largest entry, the tolerance of
the float32 tests.
"""

import itertools
import json
import sys

import numpy as np

from fixtures import FOLDER, decode
from naive_recurrent import ORDERS, run

TOLERANCE = 1e-5

BUGS = [
    f'{kind} gate order {"".join(order)}'
    for kind, right in ORDERS.items()
    for order in itertools.permutations(right)
    if ''.join(order) != right
] + [
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
    'reset before the product',
    'reset not applied',
    'b_hn outside the reset',
    'n by sigmoid',
    'z and 1 - z exchanged',
    'tanh and relu exchanged',
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
    'dh through z missing',
    'dz of z without h',
    'dz of n without tanh slope',
    'du of n without reset',
    'dr missing',
    'slope of tanh missing',
    'slope of relu missing',
    'dW_hh from h_t',
    'dW_hh without h0',
    'dW_ih of the last step only',
    'dbias_hh missing',
    'dbias_hh is dbias_ih',
    'dbias is the mean over rows',
    'dx through the first gate only',
    'dx of layer 1 not passed down',
    'dh0 missing',
    'dh0 is dhn',
    'dc0 missing',
    'df from c_t',
    'batch rows after the first get h of the first',
    'weights of layer 0 in every layer',
    'lengths ignored',
    'lengths sorted, rows not',
    'state goes on behind the end',
    'output not zero behind the end',
    'hn of the last step of all',
    'dhn at step T only',
    'dy behind the end counted',
    'dz behind the end kept',
    'dh lost behind the end',
    'both directions forward',
    'reverse starts at T',
    'reverse output in turn order',
    'directions exchanged in y',
    'directions exchanged in hn',
    'forward weights for both directions',
    'state of the forward direction for both',
    'dx of the last direction only',
]


def agrees(tensors, config, bugs):
    for name, value in run(tensors, config, bugs).items():
        expected = tensors[f'f64.{name}']
        if not np.abs(value - expected).max() <= TOLERANCE * np.abs(expected).max():
            return False
    return True


def main():
    index = json.loads((FOLDER / 'index.json').read_text())
    cases = [
        (decode((FOLDER / entry['file']).read_bytes()), entry['config'])
        for entry in index['cases']
        if entry['name'].startswith(('lstm/', 'recurrent/'))
    ]
    wrong = [config for tensors, config in cases if not agrees(tensors, config, ())]
    survivors = 0
    for bug in BUGS:
        killers = sum(not agrees(tensors, config, (bug,)) for tensors, config in cases)
        survivors += killers == 0
        print(f'{killers:3d} of {len(cases)} fixtures notice: {bug}')
    print(
        f'the correct cells agree with {len(cases) - len(wrong)} of {len(cases)}; {len(BUGS)} planted bugs, {survivors} survive'
    )
    return 1 if wrong or survivors else 0


if __name__ == '__main__':
    sys.exit(main())
