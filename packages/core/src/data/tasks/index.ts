/** All tasks by name. */
import { adding } from './adding.js';
import { copy } from './copy.js';
import { dates, jalaliDates } from './dates.js';
import { dyck } from './dyck.js';
import { echo } from './echo.js';
import { mood } from './mood.js';
import { parity } from './parity.js';
import { partOfSpeech } from './part-of-speech.js';
import { pitch } from './pitch.js';
import { reverse } from './reverse.js';
import { sentiment } from './sentiment.js';
import { mackeyGlass, sine } from './series.js';
import { romanization, transliteration } from './transliteration.js';

export interface Tasks {
  readonly adding: typeof adding;
  readonly copy: typeof copy;
  readonly dates: typeof dates;
  readonly dyck: typeof dyck;
  readonly echo: typeof echo;
  readonly 'jalali-dates': typeof jalaliDates;
  readonly 'mackey-glass': typeof mackeyGlass;
  readonly mood: typeof mood;
  readonly parity: typeof parity;
  readonly 'part-of-speech': typeof partOfSpeech;
  readonly pitch: typeof pitch;
  readonly reverse: typeof reverse;
  readonly romanization: typeof romanization;
  readonly sentiment: typeof sentiment;
  readonly sine: typeof sine;
  readonly transliteration: typeof transliteration;
}

export const tasks: Tasks = {
  adding,
  copy,
  dates,
  dyck,
  echo,
  'jalali-dates': jalaliDates,
  'mackey-glass': mackeyGlass,
  mood,
  parity,
  'part-of-speech': partOfSpeech,
  pitch,
  reverse,
  romanization,
  sentiment,
  sine,
  transliteration,
};

export type TaskName = keyof Tasks;
export { type Split, type Task, take } from './task.js';
