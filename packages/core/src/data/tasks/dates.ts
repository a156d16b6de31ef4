/**
 * Dates as people write them -> ISO 8601. Months and digits are read off; a Jalali date must be converted too, unless the
 * task asks to keep the calendar.
 */
import { ArgumentError } from '../../errors.js';
import { fromDays, gregorian, jalali, toDays } from '../calendar.js';
import type { TextPair } from '../examples.js';
import { dateForms, iso } from './date-forms.js';
import { between, pick, type Task } from './task.js';

export interface DatesOptions {
  readonly languages: readonly ('en' | 'fa')[];
  readonly calendars: readonly ('gregorian' | 'jalali')[];
  /** Gregorian years, first and last. */
  readonly firstYear: number;
  readonly lastYear: number;
  /** A Jalali date becomes the Gregorian one (ISO 8601); false: year, month and day stay its own. */
  readonly convert: boolean;
}

export interface DatePair extends TextPair {
  /** The day as a Gregorian ISO date, whatever the calendar of the text. */
  readonly date: string;
}

export const dates: Task<DatePair, DatesOptions> = {
  name: 'dates',
  kind: 'seq2seq',
  summary: 'dates in English and Persian to ISO 8601',
  defaults: {
    languages: ['en', 'fa'],
    calendars: ['gregorian'],
    firstYear: 1950,
    lastYear: 2049,
    convert: true,
  },
  example(random, { languages, calendars, firstYear, lastYear, convert }) {
    const forms = dateForms.filter(
      ({ language, calendar }) => languages.includes(language) && calendars.includes(calendar),
    );
    if (forms.length === 0) {
      throw new ArgumentError('dates: languages and calendars must each name one at least, got none');
    }
    const first = toDays(gregorian, { year: firstYear, month: 1, day: 1 });
    const days = between(random, first, toDays(gregorian, { year: lastYear, month: 12, day: 31 }));
    const form = pick(random, forms);
    const own = fromDays(form.calendar === 'jalali' ? jalali : gregorian, days);
    const date = iso(fromDays(gregorian, days));
    return { source: form.write(own, days), target: convert ? date : iso(own), date };
  },
  // By the day, so that no day of validation was seen in any form.
  key: ({ date }) => date,
};

/** Jalali dates only: a model must learn where leap years move the first day of spring. Much harder. */
export const jalaliDates: Task<DatePair, DatesOptions> = {
  ...dates,
  name: 'jalali-dates',
  summary: 'Jalali dates in English and Persian to Gregorian ISO 8601',
  defaults: { ...dates.defaults, calendars: ['jalali'] },
};
