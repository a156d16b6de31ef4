/** Numbers as a language writes them: Persian digits in Persian prose, chart ticks and tables. */
import { persianDigits } from './digits.js';

export type Language = 'en' | 'fa';

export interface Format {
  /** 12345 -> 12,345 */
  integer(value: number): string;
  /** A fixed number of places after the point; a dash for what is not a number. */
  decimal(value: number | undefined, places: number): string;
  /** A fact inside a sentence: whole numbers in full, others with up to four significant digits. */
  fact(value: number): string;
  /** Up to six significant digits, very small and large ones as 1.5e-9; a dash for what is not a number. */
  precise(value: number): string;
  /** Seconds as 0.4 s, 9 s, 2:05 or 1:02:05. */
  duration(seconds: number | undefined): string;
  /** Bytes as B, kB or MB (powers of 1000). */
  bytes(count: number): string;
}

const locales: Record<Language, string> = { en: 'en-US', fa: 'fa-IR-u-nu-arabext' };

const byteUnits: Record<Language, readonly [string, string, string]> = {
  en: ['B', 'kB', 'MB'],
  fa: ['بایت', 'کیلوبایت', 'مگابایت'],
};

const dash = '–';

/** @param latinDigits Latin digits in Persian, too. Defaults to false. */
export function createFormat(language: Language, latinDigits = false): Format {
  const locale = language === 'fa' && latinDigits ? 'fa-IR-u-nu-latn' : locales[language];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const fourDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const sixDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
  const fixed = Array.from(
    { length: 5 },
    (_, places) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }),
  );
  const clock = (text: string): string => (language === 'fa' && !latinDigits ? persianDigits(text) : text);
  return {
    integer: (value) => whole.format(value),
    decimal: (value, places) =>
      value === undefined || !Number.isFinite(value) ? dash : (fixed[places] ?? whole).format(value),
    fact: (value) => {
      if (!Number.isFinite(value)) return dash;
      return Number.isInteger(value) ? whole.format(value) : fourDigits.format(value);
    },
    precise: (value) => {
      if (!Number.isFinite(value)) return dash;
      const size = Math.abs(value);
      if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
        return clock(value.toExponential(3)).replace('-', '−').replace('e-', 'e−').replace('e+', 'e');
      }
      return sixDigits.format(value);
    },
    duration: (seconds) => {
      if (seconds === undefined || !Number.isFinite(seconds)) return dash;
      const rounded = Math.round(seconds);
      if (rounded < 60) {
        const shown = (seconds < 1 ? fixed[1] : whole)?.format(seconds);
        return language === 'fa' ? `${shown} ثانیه` : `${shown} s`;
      }
      const two = (value: number): string => String(value).padStart(2, '0');
      const minutes = Math.floor(rounded / 60);
      const hours = Math.floor(minutes / 60);
      const rest = two(rounded % 60);
      return clock(hours > 0 ? `${hours}:${two(minutes % 60)}:${rest}` : `${minutes}:${rest}`);
    },
    bytes: (count) => {
      const [small, middle, large] = byteUnits[language];
      if (count < 1000) return `${whole.format(count)} ${small}`;
      if (count < 1e6) return `${threeDigits.format(count / 1000)} ${middle}`;
      return `${threeDigits.format(count / 1e6)} ${large}`;
    },
  };
}
