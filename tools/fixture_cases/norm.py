"""Layer normalisation over the last axis."""

from torch.nn import functional as F

from fixture_cases.case import Draw, differentiable_case

# rows, columns, affine, offset of the inputs: a large mean tells a two-pass variance from E[x^2] - E[x]^2
CASES = [
    (1, 3, True, 0.0),
    (3, 17, True, 0.0),
    (17, 4, False, 0.0),
    (5, 33, True, 100.0),
]


def cases():
    for rows, columns, affine, offset in CASES:
        name = f'layer-norm/r{rows}-c{columns}{"" if affine else "-plain"}{f"-o{offset:g}" if offset else ""}'
        draw = Draw(name)
        inputs = {'x': draw.uniform(rows, columns, low=offset - 2.0, high=offset + 2.0)}
        if affine:
            inputs['weight'] = draw.uniform(columns, low=0.25, high=2.0)
            inputs['bias'] = draw.uniform(columns)

        def forward(x, weight=None, bias=None, columns=columns):
            return (F.layer_norm(x, (columns,), weight, bias),)

        yield differentiable_case(name, {'rows': rows, 'columns': columns, 'affine': affine}, inputs, forward, ['y'])
