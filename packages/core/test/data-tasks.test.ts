/** Every label is derived a second time here, by another way than the generator's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { fromDays, gregorian, jalali, toDays } from '../src/data/calendar.js';
import type { TaggedTokens } from '../src/data/examples.js';
import { withDigits } from '../src/data/normalize.js';
import { dateForms, iso } from '../src/data/tasks/date-forms.js';
import { type Task, take, tasks } from '../src/data/tasks/index.js';
import { lexicons } from '../src/data/tasks/sentiment.js';
import { init } from '../src/kernel/load.js';

beforeAll(async () => {
  await init();
});

const COUNT = 2000;
const some = <E, O extends object>(task: Task<E, O>, options: Partial<O> = {}, count = COUNT): E[] =>
  take(task, { count, seed: 1, options });

describe.each(Object.entries(tasks))('%s', (name, task) => {
  const typed = task as Task<object, object>;

  it('same seed, same examples; fewer are the first of more; another seed, others', () => {
    expect(typed.name).toBe(name);
    const twenty = take(typed, { count: 20, seed: 3 });
    expect(take(typed, { count: 20, seed: 3 })).toEqual(twenty);
    expect(take(typed, { count: 5, seed: 3 })).toEqual(twenty.slice(0, 5));
    expect(take(typed, { count: 20, seed: 4 })).not.toEqual(twenty);
    expect(take(typed, { count: 20, seed: 3, split: 'validation' })).not.toEqual(twenty);
  });

  it('nothing of the training part is in the validation part', () => {
    const train = new Set(take(typed, { count: 500, seed: 1 }).map((example) => keyOf(typed, example)));
    const validation = take(typed, { count: 100, seed: 9, split: 'validation' });
    expect(validation.filter((example) => train.has(keyOf(typed, example)))).toEqual([]);
  });
});

/** Tasks of real numbers have no key: their inputs themselves must differ. */
function keyOf(task: Task<object, object>, example: object): string {
  if (task.key !== undefined) return task.key(example);
  const { inputs, features } = example as { inputs?: Float64Array; features?: Float64Array };
  return (inputs ?? features)!.join();
}

function shares(labels: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1 / labels.length;
  return counts;
}

function expectBalance(labels: readonly string[], expected: readonly string[], least: number): void {
  const found = shares(labels);
  expect(Object.keys(found).sort()).toEqual([...expected].sort());
  for (const [label, share] of Object.entries(found)) expect(share, label).toBeGreaterThan(least);
}

describe('classes', () => {
  const labels = (examples: readonly { readonly label: string }[]): string[] =>
    examples.map(({ label }) => label);

  it('parity: the sum of the bits', () => {
    const examples = some(tasks.parity);
    for (const { text, label } of examples) {
      expect(label).toBe(BigInt(`0b${text.replaceAll('0', '')}0`.length - 3) % 2n === 1n ? 'odd' : 'even');
    }
    expectBalance(labels(examples), ['odd', 'even'], 0.45);
  });

  it.each([1, 2, 4])('dyck-%i: pairs are taken out until nothing changes', (kinds) => {
    const examples = some(tasks.dyck, { kinds });
    for (const { text, label } of examples) {
      let rest = text;
      for (let before = ''; before !== rest; ) {
        before = rest;
        rest = rest.replace(/\(\)|\[\]|\{\}|<>/g, '');
      }
      expect(label).toBe(rest === '' ? 'balanced' : 'unbalanced');
    }
    expectBalance(labels(examples), ['balanced', 'unbalanced'], 0.4);
    const sameCounts = examples.filter(
      ({ text, label }) =>
        label === 'unbalanced' &&
        [...'([{<'].every((o, i) => text.split(o).length === text.split(')]}>'[i]!).length),
    );
    expect(sameCounts.length).toBeGreaterThan(COUNT / 50); // counting brackets is not enough
  });

  it('sentiment: read by a parser of its own', () => {
    const examples = some(tasks.sentiment);
    for (const { text, label } of examples) expect(judge(text), text).toBe(label);
    expectBalance(labels(examples), ['positive', 'negative'], 0.45);
    const words = new Set(['good', 'خوب']);
    const withWord = examples.filter(({ text }) => text.split(/[\s،,;]+/).some((word) => words.has(word)));
    expectBalance(labels(withWord), ['positive', 'negative'], 0.2); // single words do not decide
  });

  it('pitch: the mean of what is voiced', () => {
    const examples = some(tasks.pitch);
    let crossing = 0;
    for (const { features, label } of examples) {
      const voiced = [...features].flatMap((value, i) =>
        i % 2 === 0 && features[i + 1] === 1 ? [value] : [],
      );
      const mean = voiced.reduce((sum, value) => sum + value, 0) / voiced.length;
      expect(mean > 1.65 ? 'high' : 'low').toBe(label);
      expect([...features].every((value, i) => i % 2 === 1 || value > 0 === (features[i + 1] === 1))).toBe(
        true,
      );
      if (voiced.some((value) => value > 1.65 !== mean > 1.65)) crossing += 1;
    }
    expectBalance(labels(examples), ['low', 'high'], 0.45);
    expect(crossing).toBeGreaterThan(COUNT / 4); // a single frame does not decide
  });
});

/** The last clause counts; «با اینکه» and "although" have it behind the comma, the others behind their word. */
function judge(text: string): string {
  const decisive = text.split(/, but |; however |، اما |، ولی |^although .*?, |^با اینکه .*?، /).at(-1)!;
  const words = decisive.split(' ');
  const english = words.includes('was');
  const { positive } = lexicons[english ? 'en' : 'fa'];
  const adjective = english ? words.at(-1)! : words.at(-2)!;
  const negated = english ? words.includes('not') : words.at(-1) === 'نبود';
  return positive.includes(adjective) !== negated ? 'positive' : 'negative';
}

describe('tags', () => {
  it('copy: after the go sign, what was there before the pause', () => {
    for (const { tokens, tags } of some(tasks.copy, { length: 4, delay: 6 }, 300)) {
      const go = tokens.indexOf('>');
      expect(tokens).toHaveLength(tags.length);
      expect(go).toBe(4 + 6 - 1);
      expect(tags.slice(go + 1)).toEqual(tokens.slice(0, 4));
      expect(new Set([...tokens.slice(4, go), ...tokens.slice(go + 1), ...tags.slice(0, go + 1)])).toEqual(
        new Set(['_']),
      );
    }
  });

  const feels: Record<string, number> = {
    sun: 2,
    cloud: 0,
    wind: -1,
    fog: -1,
    snow: -1,
    rain: -2,
    storm: -3,
  };
  const moodOf = (today: string, yesterday: string, before: string): string => {
    if (today === 'snow' && yesterday !== 'snow' && before !== 'snow') return 'curious';
    const score = 3 * feels[today]! + 2 * feels[yesterday]! + feels[before]!;
    return score >= 10
      ? 'blissful'
      : score >= 4
        ? 'playful'
        : score >= -2
          ? 'calm'
          : score >= -7
            ? 'sleepy'
            : 'grumpy';
  };

  it('mood: today and two days before, as in the diary of the cat', () => {
    const examples = some(tasks.mood, {}, 300);
    for (const { tokens, tags } of examples) {
      const day = (t: number): string => tokens[t] ?? 'cloud';
      expect(tags).toEqual(tokens.map((_, t) => moodOf(day(t), day(t - 1), day(t - 2))));
    }
    expectBalance(
      examples.flatMap(({ tags }) => tags),
      ['blissful', 'playful', 'calm', 'sleepy', 'grumpy', 'curious'],
      0.02,
    );
  });

  it('mood: with future days the days after matter, and only then', () => {
    /** Pairs of days with the same past whose moods differ. */
    const contradictions = (examples: readonly TaggedTokens[]): number => {
      const seen = new Map<string, string>();
      let found = 0;
      for (const { tokens, tags } of examples) {
        for (let t = 2; t < tokens.length; t += 1) {
          const past = tokens.slice(t - 2, t + 1).join();
          if ((seen.get(past) ?? tags[t]) !== tags[t]) found += 1;
          seen.set(past, tags[t]!);
        }
      }
      return found;
    };
    expect(contradictions(some(tasks.mood, {}, 300))).toBe(0);
    expect(contradictions(some(tasks.mood, { future: 2 }, 300))).toBeGreaterThan(1000);
  });

  it('part-of-speech: rules over the neighbours give the same tags', () => {
    const examples = some(tasks['part-of-speech']);
    for (const { tokens, tags } of examples) expect(tagsByNeighbours(tokens), tokens.join(' ')).toEqual(tags);
    expectBalance(
      examples.flatMap(({ tags }) => tags),
      ['DET', 'ADJ', 'NOUN', 'PRON', 'VERB', 'AUX', 'ADP', 'ADV', 'PART', 'PUNCT'],
      0.01,
    );
    for (const word of ['her', 'light', 'book', 'can', 'مرد', 'در', 'باز', 'سیر', 'این']) {
      const tags = new Set(examples.flatMap((e) => e.tags.filter((_, t) => e.tokens[t] === word)));
      expect(tags.size, word).toBeGreaterThan(1);
    }
  });
});

const plain: Record<string, string> = {};
for (const [tag, list] of Object.entries({
  DET: 'the a this',
  PUNCT: '.',
  PART: 'را',
  ADJ: 'old small green quiet آرام پیر بسته',
  NOUN: 'cat lamp student garden letter river گربه دانشجو کتاب نامه خانه باغ شهر کوچه',
  PRON: 'she he they we او',
  AUX: 'will must بود نبود',
  ADP: 'in near behind',
  VERB: 'saw found kept painted دید یافت نوشت بست ماند خوابید آمد رفت',
  ADV: 'yesterday again today دوباره',
})) {
  for (const word of list.split(' ')) plain[word] = tag;
}

/** What a word is by the words beside it; the grammar is not asked. */
function tagsByNeighbours(tokens: readonly string[]): string[] {
  const nominal = new Set(['NOUN', 'ADJ']);
  return tokens.map((word, t) => {
    const [before, after] = [tokens[t - 1] ?? '', tokens[t + 1] ?? ''];
    const startsNoun = nominal.has(plain[after] ?? '') || /^(book|plant|watch|light|can)$/.test(after);
    switch (word) {
      case 'her':
        // After it a noun (then hers it is), or "can": a can of hers, unless a verb follows.
        return startsNoun ? 'DET' : 'PRON';
      case 'can':
        return /^(book|plant|watch|light)$/.test(after) ? 'AUX' : 'NOUN';
      case 'light':
        if (/^(can|will|must)$/.test(before)) return 'VERB';
        return startsNoun && !(after === 'can' && /^(book|plant|watch|light)$/.test(tokens[t + 2] ?? ''))
          ? 'ADJ'
          : 'NOUN';
      case 'book':
      case 'plant':
      case 'watch':
        return /^(can|will|must)$/.test(before) ? 'VERB' : 'NOUN';
      case 'مرد':
        return after === '.' ? 'VERB' : 'NOUN';
      case 'در':
        return plain[after] === 'NOUN' && !/^(گربه|دانشجو|کتاب|نامه)$/.test(after) ? 'ADP' : 'NOUN';
      case 'باز':
        return plain[after] === 'AUX' ? 'ADJ' : 'ADV';
      case 'سیر':
        return plain[after] === 'AUX' ? 'ADJ' : 'NOUN';
      case 'این':
      case 'آن':
        return after === 'را' ? 'PRON' : 'DET';
      default:
        return plain[word]!;
    }
  });
}

describe('texts', () => {
  it('echo: the same again', () => {
    for (const { source, target } of some(tasks.echo, {}, 300)) {
      expect(target).toBe(source);
      expect(source).toMatch(/^[a-j]{3,10}$/);
    }
  });

  it('reverse: read from the other end', () => {
    for (const { source, target } of some(tasks.reverse, {}, 300)) {
      expect([...target].map((_, i) => target.at(-1 - i)).join('')).toBe(source);
    }
  });

  it('transliteration: letter by letter, a reader of its own comes to the same spelling', () => {
    for (const { source, target, plain } of some(tasks.transliteration)) {
      expect(toPersian(source), source).toBe(target);
      expect(plain).toBe(target);
    }
    const back = some(tasks.romanization);
    for (const { source, target, plain } of back) {
      expect(toPersian(target), target).toBe(plain);
      expect(commonest(source)).toBe(plain);
    }
    // It is ambiguous: one spelling has several readings.
    const readings = new Map<string, Set<string>>();
    for (const { source, target } of back) {
      readings.set(source, (readings.get(source) ?? new Set()).add(target));
    }
    expect([...readings.values()].some(({ size }) => size > 1)).toBe(true);
    expect(back.some(({ source, plain }) => source !== plain)).toBe(true);
    const letters = new Set(back.flatMap(({ source }) => [...source]));
    for (const letter of 'بپتطجچخدرزذضظژسصثشقغفکگلمنوهحیآا') expect(letters, letter).toContain(letter);
    expect(letters.size).toBe(32);
  });

  it('dates: every form is read back to its day by a reader of its own', () => {
    for (const { source, target } of some(tasks.dates, { calendars: ['gregorian', 'jalali'] }, 400))
      expect(readDate(source), source).toBe(target);
    for (const { source, target } of some(tasks.dates, { convert: false, calendars: ['jalali'] }, 300)) {
      expect(Number(target.slice(0, 4))).toBeLessThan(1500);
      expect(withDigits(source, 0x30)).toContain(String(Number(target.slice(0, 4))));
    }
  });

  it('dates: all forms occur, and each writes another text', () => {
    const days = toDays(gregorian, { year: 1999, month: 6, day: 3 });
    const texts = dateForms.map((form) =>
      form.write(fromDays(form.calendar === 'jalali' ? jalali : gregorian, days), days),
    );
    expect(new Set(texts).size).toBe(dateForms.length);
    expect(texts).toContain('3rd of June 1999');
    expect(texts).toContain('پنجشنبه ۱۳ خرداد ۱۳۷۸');
    expect(texts).toContain('سیزدهم خرداد ۱۳۷۸');
    const examples = some(tasks.dates, { calendars: ['gregorian', 'jalali'] });
    const written = dateForms.filter(({ calendar, write }) =>
      examples.some(({ source, date }) => {
        const [year, month, day] = date.split('-').map(Number);
        const then = toDays(gregorian, { year: year!, month: month!, day: day! });
        return write(fromDays(calendar === 'jalali' ? jalali : gregorian, then), then) === source;
      }),
    );
    expect(written).toHaveLength(dateForms.length);
    expect(new Set(examples.map(({ source }) => source)).size).toBeGreaterThan(COUNT * 0.9);
  });

  it('dates: no day of validation was trained on, in whatever form', () => {
    const train = new Set(some(tasks.dates).map(({ date }) => date));
    const validation = take(tasks.dates, { count: 500, seed: 1, split: 'validation' });
    expect(validation.filter(({ date }) => train.has(date))).toEqual([]);
    expect(() => take(tasks.dates, { count: 1, seed: 1, options: { languages: [] } })).toThrow(
      'must each name one',
    );
  });
});

/** The greedy reader: the longest sound first. */
function toPersian(latin: string): string {
  const sounds = latin.match(/aa|ch|kh|zh|sh|gh|./g)!;
  const inside: Record<string, string> = { a: '', e: '', o: '', aa: 'ا', i: 'ی', u: 'و' };
  const first: Record<string, string> = { a: 'ا', e: 'ا', o: 'ا', aa: 'آ', i: 'ای', u: 'او' };
  const plain: Record<string, string> = { ch: 'چ', kh: 'خ', zh: 'ژ', sh: 'ش', gh: 'ق' };
  for (const [at, letter] of [...'bptjdrzsfkglmnvhy'].entries())
    plain[letter] = [...'بپتجدرزسفکگلمنوهی'][at]!;
  return sounds
    .map((sound, at) => {
      if (at === 0 && sound in first) return first[sound];
      if (at === sounds.length - 1 && sound === 'e') return 'ه';
      if (at === sounds.length - 1 && sound === 'o') return 'و';
      return inside[sound] ?? plain[sound];
    })
    .join('');
}

const commonest = (persian: string): string =>
  persian
    .replace(/ط/g, 'ت')
    .replace(/[ذضظ]/g, 'ز')
    .replace(/[صث]/g, 'س')
    .replace(/غ/g, 'ق')
    .replace(/ح/g, 'ه');

const months =
  'January February March April May June July August September October November December|ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر|Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand|فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند'
    .split('|')
    .map((list) => list.split(' '));
const ordinal = new Intl.DateTimeFormat('en-u-ca-persian', {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  timeZone: 'UTC',
});

/** Parse by searching for the month's name, else by the separator; Jalali is turned round by the engine's own calendar. */
function readDate(text: string): string {
  const latin = withDigits(text, 0x30);
  const numbers = [...latin.matchAll(/\d+/g)].map(Number);
  const words = latin.match(/[\p{L}‌]+/gu) ?? [];
  const month = months
    .map((list) => list.findIndex((name) => words.some((w) => w === name || w === name.slice(0, 3))))
    .find((i) => i >= 0);
  let [year, m, day] = [0, 0, 0];
  if (month !== undefined) {
    [year, m] = [numbers.at(-1)!, month + 1];
    day = numbers.length > 1 ? numbers[0]! : dayWords.indexOf(words[0]!) + 1;
  } else if (numbers[0]! > 1000) [year, m, day] = numbers as [number, number, number];
  else if (latin.includes('.')) [day, m, year] = numbers as [number, number, number];
  else [m, day, year] = numbers as [number, number, number];
  if (year > 1600) return iso({ year, month: m, day });
  const start = Date.UTC(year + 621, 2, 18);
  for (let n = 0; n < 375; n += 1) {
    const date = new Date(start + n * 86_400_000);
    const parts = Object.fromEntries(
      ordinal.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
    );
    if (parts.year === year && parts.month === m && parts.day === day) return date.toISOString().slice(0, 10);
  }
  return `no day for ${text}`;
}

const dayWords =
  'یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم هجدهم نوزدهم بیستم بیست‌ویکم بیست‌ودوم بیست‌وسوم بیست‌وچهارم بیست‌وپنجم بیست‌وششم بیست‌وهفتم بیست‌وهشتم بیست‌ونهم سی‌ام سی‌ویکم'.split(
    ' ',
  );

describe('series', () => {
  it('adding: the two marked numbers, one in each half', () => {
    for (const { inputs, targets } of some(tasks.adding, { length: 11 }, 300)) {
      const marked = Array.from({ length: 11 }, (_, t) => t).filter((t) => inputs[2 * t + 1] === 1);
      expect(marked).toHaveLength(2);
      expect(marked[0]).toBeLessThan(5);
      expect(marked[1]).toBeGreaterThanOrEqual(5);
      expect(targets).toEqual(Float64Array.of(inputs[2 * marked[0]!]! + inputs[2 * marked[1]!]!));
    }
  });

  it('sine: the engine has the same sines, one step ahead', () => {
    for (const { inputs, targets } of some(tasks.sine, { length: 40 }, 50)) {
      expect(inputs.slice(1)).toEqual(targets.slice(0, -1));
      const cosine = (inputs[2]! + inputs[0]!) / (2 * inputs[1]!);
      const w = Math.acos(cosine);
      const phase = Math.atan2(inputs[0]! * Math.sin(w), inputs[1]! - inputs[0]! * cosine);
      for (const [t, value] of targets.entries()) expect(value).toBeCloseTo(Math.sin(phase + (t + 1) * w), 6);
    }
    const noisy = some(tasks.sine, { length: 2000, noise: 0.5 }, 1)[0]!;
    const power = noisy.inputs.reduce((sum, x) => sum + x * x, 0) / 2000;
    expect(power).toBeGreaterThan(0.65); // 1/2 of the sine and 1/4 of the noise
    expect(power).toBeLessThan(0.85);
  });

  it('Mackey-Glass: finer steps of a simpler rule give the same curve', () => {
    for (const { inputs, targets } of some(tasks['mackey-glass'], { length: 20 }, 5)) {
      expect(inputs.slice(1)).toEqual(targets.slice(0, -1));
      expect(Math.max(...inputs)).toBeLessThan(1.6);
      expect(Math.min(...inputs)).toBeGreaterThan(0.1);
    }
    // From a constant past of 1.2 the series is known by a finer integration.
    const fine = finerMackeyGlass(1.2, 17, 121);
    const [example] = take(
      {
        ...tasks['mackey-glass'],
        example: (_, options) => tasks['mackey-glass'].example({ uniform: () => 0.7 } as never, options),
      },
      { count: 1, seed: 1, options: { length: 20 } },
    );
    for (let t = 0; t < 20; t += 1) expect(example!.inputs[t]).toBeCloseTo(fine[100 + t]!, 2);
  });
});

/** Euler's rule with steps of 1/200, by definition. */
function finerMackeyGlass(past: number, tau: number, samples: number): number[] {
  const per = 200;
  const lag = tau * per;
  const x = [...new Array<number>(lag + 1).fill(past)];
  for (let n = lag; n < lag + samples * per; n += 1) {
    const d = x[n - lag]!;
    x.push(x[n]! + ((0.2 * d) / (1 + d ** 10) - 0.1 * x[n]!) / per);
  }
  return Array.from({ length: samples }, (_, t) => x[lag + t * per]!);
}

describe('options', () => {
  it('that leave nothing for a part are refused', () => {
    expect(() =>
      take(tasks.reverse, {
        count: 1,
        seed: 1,
        split: 'validation',
        options: { alphabet: 'a', minLength: 1, maxLength: 1 },
      }),
    ).toThrow('options must leave examples for validation');
  });

  it.each([
    [() => some(tasks.copy, { symbols: 27 }), 'copy: symbols must be'],
    [() => some(tasks.copy, { delay: 0 }), 'copy: length and delay must be'],
    [() => some(tasks.adding, { length: 1 }), 'adding: length must be'],
    [() => some(tasks.dyck, { kinds: 5 }), 'dyck: kinds must be'],
    [() => some(tasks.parity, { minLength: 5, maxLength: 4 }), 'a range must be'],
    [() => take(tasks.parity, { count: -1, seed: 0 }), 'parity: count must be'],
  ])('%#', (make, message) => {
    expect(make).toThrow(message);
  });
});
