/**
 * Writes panbeh.txt, the sample text: the diary of Panbeh, the faculty's cat. Seeded, so that every run writes the same
 * bytes:
 *
 *     node packages/cli/data/generate.mjs            writes panbeh.txt beside this file
 *
 * The text has a secret worth learning (question 1b of the homework): the cat's mood on day t depends on the weather of
 * days t, t-1 and t-2 and on nothing later, so one direction of reading is enough to predict it. See `moodOf`.
 */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grammar } from './grammar.mjs';

export const SEED = 1404;
export const DAYS = 600;
/** Days with a diary entry start here: a Saturday, the first day of spring and of the Iranian year and week. */
const FIRST_DAY = Date.UTC(2026, 2, 21);
const DAY_MS = 86_400_000;

/** How each weather feels to a cat, in units of sunshine. */
export const COMFORT = { sun: 2, cloud: 0, wind: -1, fog: -1, snow: -1, rain: -2, storm: -3 };

/**
 * mood_t = threshold(3 comfort_t + 2 comfort_{t-1} + comfort_{t-2}), but snow after two days without is a wonder.
 *
 * @param {string} today @param {string} yesterday @param {string} before the weather of days t, t-1 and t-2
 */
export function moodOf(today, yesterday, before) {
  if (today === 'snow' && yesterday !== 'snow' && before !== 'snow') return 'curious';
  const score = 3 * COMFORT[today] + 2 * COMFORT[yesterday] + COMFORT[before];
  if (score >= 10) return 'blissful';
  if (score >= 4) return 'playful';
  if (score >= -2) return 'calm';
  if (score >= -7) return 'sleepy';
  return 'grumpy';
}

/** What the weather may turn into, by season: tomorrow is as today with probability 0.45, else drawn from this. */
const CLIMATE = {
  spring: ['sun', 'sun', 'sun', 'cloud', 'cloud', 'rain', 'rain', 'wind', 'storm', 'fog'],
  summer: ['sun', 'sun', 'sun', 'sun', 'sun', 'cloud', 'wind', 'wind', 'storm'],
  autumn: ['sun', 'sun', 'cloud', 'cloud', 'rain', 'rain', 'wind', 'wind', 'fog', 'storm'],
  winter: ['sun', 'sun', 'cloud', 'cloud', 'snow', 'snow', 'snow', 'rain', 'fog', 'wind'],
};
const STAYS = 0.45;

/** Naps and birds of a day: [fewest, most]. */
const TALLY = {
  blissful: { naps: [3, 5], birds: [0, 1] },
  playful: { naps: [1, 3], birds: [2, 6] },
  calm: { naps: [3, 5], birds: [1, 3] },
  sleepy: { naps: [6, 9], birds: [0, 0] },
  grumpy: { naps: [2, 4], birds: [0, 1] },
  curious: { naps: [1, 2], birds: [1, 4] },
};

/** mulberry32: 32 bits of state are plenty for a story. Returns uniform numbers in [0, 1). */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Expands grammar rules; each rule's alternatives come round like cards of a shuffled deck, so none is overused. */
class Storyteller {
  #random;
  #decks = new Map();
  #last = new Map();

  constructor(seed) {
    this.#random = seededRandom(seed);
  }

  chance(probability) {
    return this.#random() < probability;
  }

  between(fewest, most) {
    return fewest + Math.floor(this.#random() * (most - fewest + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  /** One alternative of `rule` with every `{...}` filled in: from `words` first, then from the grammar. */
  say(rule, words = {}) {
    const spoken = new Set();
    const fill = (text) =>
      text.replace(/\{([^}]+)\}/g, (_, name) => {
        if (name in words) return String(words[name]);
        let choice = fill(this.#draw(name));
        // Two people in one sentence are two different people.
        for (let tries = 0; spoken.has(choice) && tries < 4; tries++) choice = fill(this.#draw(name));
        spoken.add(choice);
        return choice;
      });
    return tidy(fill(this.#draw(rule)));
  }

  #draw(rule) {
    const alternatives = grammar[rule];
    if (!alternatives) throw new Error(`generate: rule must be in the grammar, got ${rule}`);
    let deck = this.#decks.get(rule);
    if (!deck?.length) {
      deck = [...alternatives];
      for (let i = deck.length - 1; i > 0; i--) {
        const j = this.between(0, i);
        [deck[i], deck[j]] = [deck[j], deck[i]];
      }
      // A new deck must not begin with the card that ended the last one.
      if (deck.at(-1) === this.#last.get(rule)) deck.unshift(deck.pop());
      this.#decks.set(rule, deck);
    }
    const drawn = deck.pop();
    this.#last.set(rule, drawn);
    return drawn;
  }
}

/** Capital at the start of each sentence and no comma before a full stop, which filling slots may leave. */
function tidy(text) {
  return text
    .replace(/,([.,])/g, '$1')
    .replace(/(^|[.!?]\s+"?|^")([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
}

function seasonOf(date) {
  // Iranian seasons begin near the 21st of March, June, September and December.
  const shifted = new Date(date.getTime() - 20 * DAY_MS);
  return [
    'winter',
    'winter',
    'spring',
    'spring',
    'spring',
    'summer',
    'summer',
    'summer',
    'autumn',
    'autumn',
    'autumn',
    'winter',
  ][shifted.getUTCMonth()];
}

/** The weather of every day of the diary. */
export function weatherOfDays(days = DAYS, seed = SEED) {
  const teller = new Storyteller(seed ^ 0x5eed);
  const weather = [];
  for (let day = 0; day < days; day++) {
    const season = seasonOf(new Date(FIRST_DAY + day * DAY_MS));
    const stays = day > 0 && teller.chance(STAYS);
    weather.push(stays ? weather[day - 1] : teller.pick(CLIMATE[season]));
  }
  return weather;
}

const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const COUNTS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

function heading(date, weather, mood) {
  const day = `${WEEKDAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return `${day}. Weather: ${weather}. Mood: ${mood}.`;
}

/** The sentences of a day, in the order of the day: weather, memory, feelings and events, night. */
function story(teller, { weekday, month, weather, yesterday, streak, mood, words }) {
  const lines = [teller.say(`day.${weather}`, words)];
  if (streak >= 2 && streak < COUNTS.length && teller.chance(0.6)) lines.push(teller.say('again', words));
  if (streak === 1 && yesterday && teller.chance(0.35)) lines.push(teller.say('changed', words));
  lines.push(teller.say(`feeling.${mood}`, words));
  if (weekday === 5) lines.push(teller.say('event.empty', words));
  else if (weekday === 6 && teller.chance(0.7)) lines.push(teller.say('event.saturday', words));
  else if ((month === 5 || month === 0) && teller.chance(0.4)) lines.push(teller.say('event.exam', words));
  for (let n = teller.between(0, 2); n > 0; n--) lines.push(teller.say('event', words));
  if (teller.chance(0.3)) lines.push(teller.say(`feeling.${mood}`, words));
  if (teller.chance(0.15)) lines.push(teller.say('event.night', words));
  return lines.join(' ');
}

function verse(teller, { weather, mood }) {
  const first = teller.say(`couplet.${weather}`);
  const second = teller.say(teller.chance(0.5) ? `couplet.${mood}` : 'couplet');
  return `${first}\n${second}`;
}

function persianLines(teller, { weather, mood }) {
  const lines = [teller.say(`fa.${weather}`)];
  if (teller.chance(0.5)) lines.push(teller.say(`fa.${mood}`));
  if (teller.chance(0.7)) lines.push(teller.say('fa'));
  if (teller.chance(0.15)) lines.push(`\n${teller.say('fa.couplet')}`);
  return lines.join(' ').replace(/ \n/, '\n');
}

function tally(teller, { mood }) {
  const { naps, birds } = TALLY[mood];
  return `Naps: ${teller.between(...naps)}. Birds: ${teller.between(...birds)}. Biscuits: ${teller.between(0, 3)}.`;
}

function ending(teller, { mood }) {
  if (teller.chance(0.5)) return teller.say('closing');
  return teller.say(
    mood === 'grumpy' || mood === 'sleepy' ? 'closing.dark' : mood === 'calm' ? 'closing' : 'closing.bright',
  );
}

/** The whole diary as one string. */
export function generate(days = DAYS, seed = SEED) {
  const teller = new Storyteller(seed);
  const weather = weatherOfDays(days, seed);
  const entries = [];
  let streak = 0;
  for (let day = 0; day < days; day++) {
    const today = weather[day];
    const yesterday = weather[day - 1];
    streak = today === yesterday ? streak + 1 : 1;
    const mood = moodOf(today, yesterday ?? 'cloud', weather[day - 2] ?? 'cloud');
    const date = new Date(FIRST_DAY + day * DAY_MS);
    const words = {
      weatherword: today,
      Weatherword: today[0].toUpperCase() + today.slice(1),
      beforeword: yesterday,
      moodword: mood,
      count: COUNTS[streak],
    };
    const scene = {
      weekday: date.getUTCDay(),
      month: date.getUTCMonth(),
      weather: today,
      yesterday,
      streak,
      mood,
      words,
    };
    const parts = [heading(date, today, mood), story(teller, scene)];
    if (teller.chance(0.35)) parts.push(teller.say('dialogue', words));
    if (teller.chance(0.18)) parts.push(verse(teller, scene));
    if (teller.chance(0.5)) parts.push(persianLines(teller, scene));
    if (teller.chance(0.4)) parts.push(tally(teller, scene));
    if (teller.chance(0.4)) parts.push(ending(teller, scene));
    entries.push(parts.join('\n'));
  }
  return `${entries.join('\n\n')}\n`;
}

const target = fileURLToPath(new URL('panbeh.txt', import.meta.url));
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const text = generate();
  writeFileSync(target, text);
  console.error(`generate: ${target}, ${text.length} code units, ${new Set(text).size} different characters`);
}
