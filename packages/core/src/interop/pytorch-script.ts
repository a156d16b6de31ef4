/**
 * A Python program that rebuilds a model in PyTorch, loads its weights under the same names, and compares what it answers
 * with what the model answered here.
 */
export interface ScriptModel {
  /** The kind of run; `transformer` for that kind of language model. */
  readonly kind: string;
  readonly config: object;
  /** Sizes that the config does not say: vocabularies, classes. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly precision: 'f32' | 'f64';
}

/** Of a logit, relative to the largest: sums in another order. */
const TOLERANCE = { f32: 1e-4, f64: 1e-9 } as const;

/** The program; it expects `model.safetensors` and `reference.safetensors` beside it. */
export function pytorchScript({ kind, config, sizes, precision }: ScriptModel): string {
  const model = models[kind];
  if (model === undefined) throw new Error(`pytorchScript: no model for ${kind}`);
  const settings = { ...config, ...sizes };
  return `"""The ${kind} model of hw5 in PyTorch. Run it: it loads model.safetensors, answers the inputs in reference.safetensors
and compares with the numbers there (exit code 1 when they differ). Needs torch and safetensors."""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = Path(__file__).resolve().parent
CONFIG = json.loads(r'''${JSON.stringify(settings)}''')
DTYPE = torch.${precision === 'f64' ? 'float64' : 'float32'}
TOLERANCE = ${TOLERANCE[precision]}
CELL = CONFIG['cell']
RECURRENT = {'rnn': nn.RNN, 'gru': nn.GRU, 'lstm': nn.LSTM}


${model.code.trim()}


def load():
    model = Model().to(DTYPE)
    model.load_state_dict(load_file(HERE / 'model.safetensors'), strict=True)
    return model.eval()


def main():
    model = load()
    path = HERE / 'reference.safetensors'
    reference = load_file(path)
    with safe_open(path, 'pt') as file:
        facts = file.metadata() or {}
    failed = False

    def compare(what, ours, theirs):
        nonlocal failed
        delta = (ours - theirs).abs().max().item()
        bound = TOLERANCE * max(1.0, theirs.abs().max().item())
        good = delta <= bound
        failed = failed or not good
        print(f"{what}: max |delta| {delta:.3g} {'<=' if good else '>'} {bound:.3g}")

    with torch.no_grad():
        compare('logits', ${model.logits}, reference['logits'])
${model.more ?? ''}    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
`;
}

interface PythonModel {
  /** A class Model whose weights have the names of the checkpoint. */
  readonly code: string;
  readonly logits: string;
  /** More lines of main. */
  readonly more?: string;
}

const packed = `
def run(layer, x, lengths):
    """Outputs, 0 behind each row's end, and the states at the ends."""
    packed = pack_padded_sequence(x, lengths.long(), enforce_sorted=False)
    y, last = layer(packed)
    y, _ = pad_packed_sequence(y, total_length=x.shape[0])
    return y, last
`;

const sequence = `
class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        c = CONFIG
        self.embedding = nn.Embedding(c['vocabularySize'], c['embeddingSize'])
        self.add_module(CELL, RECURRENT[CELL](c['embeddingSize'], c['hiddenSize'], c['numLayers'], bidirectional=c['bidirectional']))
        self.head = nn.Linear((2 if c['bidirectional'] else 1) * c['hiddenSize'], c['numClasses'])

    def encode(self, ids, lengths):
        y, last = run(getattr(self, CELL), self.embedding(ids.long()), lengths)
        return y, last[0] if CELL == 'lstm' else last
`;

const models: Readonly<Record<string, PythonModel>> = {
  'char-lm': {
    code: `
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        c = CONFIG
        self.embedding = nn.Embedding(c['vocabularySize'], c['embeddingSize'])
        self.add_module(CELL, RECURRENT[CELL](c['embeddingSize'], c['hiddenSize'], c['numLayers']))
        self.head = nn.Linear(c['hiddenSize'], c['vocabularySize'])

    def forward(self, ids, state=None):
        """ids [T, B] to logits [T, B, V] and the state after them."""
        y, state = getattr(self, CELL)(self.embedding(ids.long()), state)
        return self.head(y), state
`,
    logits: "model(reference['ids'])[0]",
    more: `        if 'validation.inputs' in reference:
            logits, _ = model(reference['validation.inputs'])
            targets = reference['validation.targets'].long()
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
            compare('validation loss', loss, torch.tensor(float(facts['validation.loss']), dtype=DTYPE))
            print(f'validation loss {loss.item():.6f} nats per character')
`,
  },
  transformer: {
    code: `
def waves(positions, size):
    """Vaswani et al. 2017, section 3.5."""
    t = torch.arange(positions, dtype=torch.float64).unsqueeze(1)
    column = torch.arange(size)
    angle = t * 10000.0 ** (-(column - column % 2) / size)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos())


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        c = CONFIG
        E = c['embeddingSize']
        self.embedding = nn.Embedding(c['vocabularySize'], E)
        if c['positions'] == 'learned':
            self.position = nn.Embedding(c['contextSize'], E)
        block = nn.TransformerEncoderLayer(E, c['numHeads'], c['hiddenSize'], 0.0, norm_first=True)
        self.transformer = nn.TransformerEncoder(
            block, c['numLayers'], norm=nn.LayerNorm(E), enable_nested_tensor=False
        )
        self.head = nn.Linear(E, c['vocabularySize'])

    def forward(self, ids):
        """ids [T, B], T <= contextSize, to logits [T, B, V]; every token sees itself and those before it."""
        T = len(ids)
        places = self.position.weight[:T] if hasattr(self, 'position') else waves(T, self.head.in_features).to(DTYPE)
        x = self.embedding(ids.long()) + places.unsqueeze(1)
        hidden = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
        return self.head(self.transformer(x, mask=hidden))
`,
    logits: "model(reference['ids'])",
  },
  classify: {
    code: `${packed.trim()}

${sequence}

class Pooling(nn.Module):
    """Yang et al. 2016: which steps matter is learned."""

    def __init__(self, size):
        super().__init__()
        self.projection = nn.Linear(size, size)
        self.context = nn.Parameter(torch.empty(size))

    def forward(self, y, steps):
        scores = (torch.tanh(self.projection(y)) @ self.context).masked_fill(~steps, float('-inf'))
        return (torch.softmax(scores, 0).unsqueeze(2) * y).sum(0)


class Model(Layers):
    def __init__(self):
        super().__init__()
        if CONFIG['pooling'] == 'attention':
            self.attention = Pooling(self.head.in_features)

    def forward(self, ids, lengths):
        """ids [T, B], lengths [B] to logits [B, C]."""
        y, h = self.encode(ids, lengths)
        steps = torch.arange(len(y)).unsqueeze(1) < lengths.unsqueeze(0)
        pooling = CONFIG['pooling']
        if pooling == 'attention':
            pooled = self.attention(y, steps)
        elif pooling == 'mean':
            pooled = y.sum(0) / lengths.unsqueeze(1)
        elif pooling == 'max':
            pooled = y.masked_fill(~steps.unsqueeze(2), float('-inf')).amax(0)
        else:
            pooled = torch.cat(list(h[-2:] if CONFIG['bidirectional'] else h[-1:]), 1)
        return self.head(pooled)
`,
    logits: "model(reference['ids'], reference['lengths'])",
  },
  tag: {
    code: `${packed.trim()}

${sequence}

class Model(Layers):
    def forward(self, ids, lengths):
        """ids [T, B], lengths [B] to logits [T, B, C]."""
        return self.head(self.encode(ids, lengths)[0])
`,
    logits: "model(reference['ids'], reference['lengths'])",
  },
  seq2seq: {
    code: `${packed.trim()}


class Additive(nn.Module):
    """Bahdanau et al. 2015."""

    def __init__(self, query, key, size):
        super().__init__()
        self.query = nn.Linear(query, size, bias=False)
        self.key = nn.Linear(key, size, bias=False)
        self.score = nn.Linear(size, 1, bias=False)

    def keys(self, memory):
        return self.key(memory)

    def scores(self, h, keys):
        return self.score(torch.tanh(self.query(h).unsqueeze(1) + keys)).squeeze(2)


class Dot(nn.Module):
    """Luong et al. 2015: q . k, or q . W k where their sizes differ."""

    def __init__(self, query, key):
        super().__init__()
        if query != key:
            self.key = nn.Linear(key, query, bias=False)

    def keys(self, memory):
        return self.key(memory) if hasattr(self, 'key') else memory

    def scores(self, h, keys):
        return (keys @ h.unsqueeze(2)).squeeze(2)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        c = CONFIG
        E, H, both = c['embeddingSize'], c['hiddenSize'], c['bidirectional']
        M = 2 * H if both else H
        self.source_embedding = nn.Embedding(c['sourceVocabularySize'], E)
        self.encoder = RECURRENT[CELL](E, H, bidirectional=both)
        if both:
            self.bridge = nn.Linear(M, H)
            if CELL == 'lstm':
                self.bridge_c = nn.Linear(M, H)
        self.target_embedding = nn.Embedding(c['targetVocabularySize'], E)
        self.attention = Additive(H, M, H) if c['attention'] == 'additive' else Dot(H, M)
        self.decoder = {'rnn': nn.RNNCell, 'gru': nn.GRUCell, 'lstm': nn.LSTMCell}[CELL](E + M, H)
        self.head = nn.Linear(H, c['targetVocabularySize'])

    def first(self, last, bridge):
        if not CONFIG['bidirectional']:
            return last[0]
        return torch.tanh(bridge(torch.cat(list(last), 1)))

    def forward(self, source, lengths, input):
        """source [S, B], lengths [B], input [T, B] to logits [T, B, V], each step reading the given token."""
        y, last = run(self.encoder, self.source_embedding(source.long()), lengths)
        memory = y.transpose(0, 1)
        keys = self.attention.keys(memory)
        steps = torch.arange(len(y)).unsqueeze(0) < lengths.unsqueeze(1)
        bridges = (getattr(self, 'bridge', None), getattr(self, 'bridge_c', None))
        if CELL == 'lstm':
            state = (self.first(last[0], bridges[0]), self.first(last[1], bridges[1]))
        else:
            state = self.first(last, bridges[0])
        logits = []
        for x in self.target_embedding(input.long()):
            h = state[0] if CELL == 'lstm' else state
            weights = torch.softmax(self.attention.scores(h, keys).masked_fill(~steps, float('-inf')), 1)
            context = (weights.unsqueeze(1) @ memory).squeeze(1)
            state = self.decoder(torch.cat([x, context], 1), state)
            logits.append(self.head(state[0] if CELL == 'lstm' else state))
        return torch.stack(logits)
`,
    logits: "model(reference['source'], reference['lengths'], reference['input'])",
  },
};
