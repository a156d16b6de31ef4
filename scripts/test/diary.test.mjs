import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMFORT, generate, moodOf } from '../../packages/cli/data/generate.mjs';

const text = readFileSync(new URL('../../packages/cli/data/panbeh.txt', import.meta.url), 'utf8');

const HEADING = /^(\w+day), (\d+) ([A-Z]\w+)\. Weather: (\w+)\. Mood: (\w+)\.$/;

describe('the diary of Panbeh', () => {
  test('is what the generator writes', () => {
    expect(text === generate()).toBe(true);
    expect(generate(20, 7)).not.toBe(generate(20, 8));
  });

  test('has a size and a vocabulary for one minute of learning', () => {
    expect(Buffer.byteLength(text)).toBeGreaterThan(200_000);
    expect(Buffer.byteLength(text)).toBeLessThan(300_000);
    const characters = new Set(text);
    expect(characters.size).toBeLessThan(130);
    expect([...characters].some((character) => /\p{Script=Arabic}/u.test(character))).toBe(true);
  });

  test('leaves no slot open and says nothing twice in a row', () => {
    expect(/[{}]|undefined|\b(the|a) (the|a)\b|[^\S\n]{2}/.exec(text)?.[0]).toBeUndefined();
    const lines = text.split('\n');
    for (let i = 1; i < lines.length; i++) if (lines[i]) expect(lines[i]).not.toBe(lines[i - 1]);
  });

  test("ties each mood to that day's and the two days' weather before, and to nothing later", () => {
    const days = text
      .split('\n\n')
      .map((entry) => HEADING.exec(entry.split('\n')[0]))
      .map(([, weekday, day, month, weather, mood]) => ({ weekday, day, month, weather, mood }));
    expect(days.length).toBeGreaterThan(365);
    for (const [t, { weather, mood }] of days.entries()) {
      const yesterday = days[t - 1]?.weather ?? 'cloud';
      const before = days[t - 2]?.weather ?? 'cloud';
      expect(moodOf(weather, yesterday, before), `day ${t}`).toBe(mood);
    }
    // The memory matters: on many days the same weather goes with different moods.
    for (const weather of Object.keys(COMFORT)) {
      const moods = new Set(days.filter((day) => day.weather === weather).map((day) => day.mood));
      expect(moods.size, weather).toBeGreaterThan(1);
    }
  });

  test('keeps the calendar: weekdays in order, 1 after the last of the month', () => {
    const days = text.match(/^\w+day, \d+ \w+\./gm);
    const week = 'Saturday Sunday Monday Tuesday Wednesday Thursday Friday'.split(' ');
    for (const [t, day] of days.entries()) expect(day.startsWith(week[t % 7])).toBe(true);
    expect(days[0]).toBe('Saturday, 21 March.');
    expect(days).toContain('Sunday, 28 February.');
    expect(days).not.toContain('Monday, 29 February.');
  });
});

describe('moodOf', () => {
  test.each([
    ['sun', 'sun', 'sun', 'blissful'],
    ['sun', 'rain', 'rain', 'calm'],
    ['rain', 'rain', 'sun', 'grumpy'],
    ['cloud', 'rain', 'rain', 'sleepy'],
    ['snow', 'cloud', 'sun', 'curious'],
    ['snow', 'snow', 'cloud', 'sleepy'],
  ])('%s after %s after %s makes the cat %s', (today, yesterday, before, mood) => {
    expect(moodOf(today, yesterday, before)).toBe(mood);
  });
});
