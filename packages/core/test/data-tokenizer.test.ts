import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BucketBatches } from '../src/data/buckets.js';
import { loadHuggingFace, type TokenizersLibrary } from '../src/data/hugging-face.js';
import { noNormalization, normalize, withDigits } from '../src/data/normalize.js';
import { pad } from '../src/data/padding.js';
import { PieceTokens } from '../src/data/text-tokens.js';
import { type VocabularyState, VocabularyTokenizer } from '../src/data/tokenizer.js';
import { init } from '../src/kernel/load.js';

beforeAll(async () => {
  await init();
});

describe('normalisation', () => {
  it('Arabic yeh, kaf and their like become the Persian letters', () => {
    expect(normalize('كيك عربى مدرسة')).toBe('کیک عربی مدرسه');
  });

  it('diacritics and the tatweel go, also those composed with a letter', () => {
    expect(normalize('مُدَرِّس سـلام')).toBe('مدرس سلام');
    expect(normalize('مُدَرِّس', { ...noNormalization })).toBe('مُدَرِّس');
  });

  it('digits of three kinds become one', () => {
    expect(withDigits('1۲٣', 0x30)).toBe('123');
    expect(withDigits('1۲٣', 0x06f0)).toBe('۱۲۳');
  });

  it('the joiner stays, becomes a space, or goes', () => {
    const word = 'می‌روم';
    const with_ = (zwnj: 'keep' | 'space' | 'remove') => normalize(word, { ...noNormalization, zwnj });
    expect([with_('keep'), with_('space'), with_('remove')]).toEqual([word, 'می روم', 'میروم']);
  });

  it('a second time changes nothing, for any text and choices', () => {
    const choices = fc.record({
      letters: fc.boolean(),
      digits: fc.constantFrom('keep', 'latin', 'persian'),
      zwnj: fc.constantFrom('keep', 'space', 'remove'),
      diacritics: fc.constantFrom('keep', 'remove'),
      lowercase: fc.boolean(),
    } as const);
    const text = fc.string({ unit: fc.constantFrom(...'aAیيكک‌ًّـ۱1٣ئءۀه ') });
    fc.assert(
      fc.property(text, choices, (given, chosen) => {
        const once = normalize(given, chosen);
        expect(normalize(once, chosen)).toBe(once);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('tokenizer', () => {
  it('most frequent first, equals by code point, after the special ids', () => {
    const tokenizer = VocabularyTokenizer.of(['b a b', 'گ a b😺'], { unit: 'words' });
    expect(tokenizer.state.tokens).toEqual(['b', 'a', 'گ', '😺']);
    expect(tokenizer.special).toEqual({ pad: 0, unknown: 1, begin: 2, end: 3 });
    expect([...tokenizer.encode('a dog b')]).toEqual([5, 1, 4]);
  });

  it('words keep their joiner, apostrophe and marks; signs stand alone', () => {
    const { state } = VocabularyTokenizer.of(["می‌روم؟ don't stop!"], { unit: 'words' });
    expect([...state.tokens].sort()).toEqual(['!', "don't", 'stop', 'می‌روم', '؟'].sort());
  });

  it('rare tokens and those beyond the size are unknown', () => {
    const texts = ['a a a b b c'];
    expect(VocabularyTokenizer.of(texts, { unit: 'words', minCount: 2 }).state.tokens).toEqual(['a', 'b']);
    expect(VocabularyTokenizer.of(texts, { unit: 'words', maxTokens: 1 }).state.tokens).toEqual(['a']);
    expect(() => VocabularyTokenizer.of(['', ' '], { unit: 'words' })).toThrow('texts must have tokens');
  });

  it('decode inverts encode for any text of characters; its state makes the same tokenizer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const first = VocabularyTokenizer.of([text], { unit: 'characters', normalization: noNormalization });
        const again = new VocabularyTokenizer(JSON.parse(JSON.stringify(first.state)) as VocabularyState);
        expect(again.encode(text)).toEqual(first.encode(text));
        expect(again.decode(again.encode(text))).toBe(text);
      }),
      // Lone surrogates do not survive JSON in every engine; `binary` has none.
      { numRuns: 300, seed: 1 },
    );
  });

  it('a text typed on an Arabic keyboard has the ids of the Persian one', () => {
    const tokenizer = VocabularyTokenizer.of(['کتاب علی'], { unit: 'words' });
    expect(tokenizer.encode('كتاب علي')).toEqual(tokenizer.encode('کتاب علی'));
    expect(tokenizer.encodeTokens(['كتاب'])).toEqual(tokenizer.encode('کتاب'));
  });
});

describe('tokenizer.json', () => {
  const vocab = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, cat: 4, '##s': 5, گربه: 6, the: 7 };
  const tokenizer = {
    version: '1.0',
    added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
  const config = {
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: { content: '[CLS]' },
    sep_token: '[SEP]',
  };

  it('is read by its own library, found by name or handed over', async () => {
    // By a variable: the library's own types do not compile under nodenext.
    const name: string = '@huggingface/tokenizers';
    const library = (await import(name)) as TokenizersLibrary;
    for (const given of [undefined, library]) {
      const loaded = await loadHuggingFace({ tokenizer, config }, given);
      expect([...loaded.encode('The cats گربه dog')]).toEqual([7, 4, 5, 6, 1]);
      expect(loaded.decode([2, 7, 4, 5, 3])).toBe('the cats');
      expect(loaded.decode([])).toBe('');
      expect(loaded).toMatchObject({ size: 8, special: { pad: 0, unknown: 1, begin: 2, end: 3 } });
      expect(loaded.state).toEqual({ unit: 'hugging-face', tokenizer, config });
    }
  });

  it('without padding or with a foreign file it is refused', async () => {
    await expect(loadHuggingFace({ tokenizer, config: {} })).rejects.toThrow(
      'must name a pad, eos or sep token',
    );
    await expect(loadHuggingFace({ tokenizer: {}, config })).rejects.toThrow('must be one that');
  });

  it("gives the ids of Hugging Face's own library, and writes them back piece by piece", async () => {
    const file = (name: string): unknown =>
      JSON.parse(readFileSync(new URL(`../../../fixtures/tokenizer/${name}`, import.meta.url), 'utf8'));
    const loaded = await loadHuggingFace({
      tokenizer: file('tokenizer.json') as object,
      config: file('tokenizer_config.json') as object,
    });
    const pieces = new PieceTokens(loaded);
    expect(pieces.size).toBe(320);
    for (const [text, ids] of file('encoded.json') as [string, number[]][]) {
      expect([...pieces.encode(text)]).toEqual(ids);
      const write = pieces.writer();
      const told = ids.map(write);
      expect(told.join('')).toBe(text === '</s>' ? '' : text);
      // No half of a code point is told.
      expect(told.join('')).not.toContain('\uFFFD');
    }
  });

  it('is written piece by piece with the spaces of the whole, special ids left out', async () => {
    const loaded = await loadHuggingFace({ tokenizer, config });
    const ids = [2, 7, 4, 3, 5, 6, 3, 7];
    const write = new PieceTokens(loaded).writer();
    expect(ids.map(write).join('')).toBe(loaded.decode(ids));
  });
});

describe('padding and buckets', () => {
  it('fills the end, time-major', () => {
    expect(pad([[1, 2, 3], [4], []], 9)).toEqual({
      ids: Int32Array.of(1, 4, 9, 2, 9, 9, 3, 9, 9),
      lengths: Int32Array.of(3, 1, 0),
      time: 3,
    });
  });

  const lengths = Array.from({ length: 103 }, (_, i) => 1 + ((i * 37) % 50));

  it('each epoch has every example once, the short batch last, another order each time', () => {
    const batches = new BucketBatches(lengths, { batchSize: 10, seed: 1 });
    const epoch = (): number[][] => Array.from({ length: batches.stepsPerEpoch }, () => [...batches.next()]);
    const [first, second] = [epoch(), epoch()];
    for (const order of [first, second]) {
      expect(order.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
      expect(order.map((batch) => batch.length)).toEqual([...Array(10).fill(10), 3]);
    }
    expect(second).not.toEqual(first);
    expect(new BucketBatches(lengths, { batchSize: 10, seed: 1 }).next()).toEqual(first[0]);
    expect(new BucketBatches(lengths, { batchSize: 10, seed: 2 }).next()).not.toEqual(first[0]);
  });

  it('padding is far less than without buckets', () => {
    const waste = (poolBatches: number): number => {
      const batches = new BucketBatches(lengths, { batchSize: 8, seed: 3, poolBatches });
      let padding = 0;
      for (let i = 0; i < batches.stepsPerEpoch; i += 1) {
        const sizes = batches.next().map((index) => lengths[index]!);
        padding += sizes.reduce((sum, size) => sum + Math.max(...sizes) - size, 0);
      }
      return padding;
    };
    expect(waste(16)).toBeLessThan(waste(1) / 3);
  });

  it('goes on from any position as if it had never stopped', () => {
    const whole = new BucketBatches(lengths, { batchSize: 10, seed: 1 });
    const seen = Array.from({ length: 30 }, () => ({ position: whole.position, batch: whole.next() }));
    for (const { position, batch } of seen) {
      const resumed = new BucketBatches(lengths, { batchSize: 10, seed: 1 });
      resumed.position = JSON.parse(JSON.stringify(position));
      expect(resumed.next()).toEqual(batch);
    }
  });
});
