/** How people write a date, in English and Persian. Where only numbers stand, their order follows from the separator. */
import { type CalendarDate, weekday } from '../calendar.js';
import { withDigits } from '../normalize.js';

export interface DateForm {
  readonly language: 'en' | 'fa';
  /** Which calendar the numbers are of. */
  readonly calendar: 'gregorian' | 'jalali';
  /** @param days the day count, for the weekday */
  write(date: CalendarDate, days: number): string;
}

const gregorianEn =
  'January February March April May June July August September October November December'.split(' ');
const jalaliEn = 'Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand'.split(
  ' ',
);
const gregorianFa = 'ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر'.split(' ');
const jalaliFa = 'فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند'.split(' ');
const weekdaysEn = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const weekdaysFa = 'دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه'.split(' ');
const ordinalsFa = (
  'یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم هجدهم نوزدهم ' +
  'بیستم بیست‌ویکم بیست‌ودوم بیست‌وسوم بیست‌وچهارم بیست‌وپنجم بیست‌وششم بیست‌وهفتم بیست‌وهشتم بیست‌ونهم سی‌ام سی‌ویکم'
).split(' ');

const two = (value: number): string => String(value).padStart(2, '0');
const ordinalEn = (day: number): string => {
  const teens = day >= 11 && day <= 13;
  return `${day}${(teens ? undefined : ['th', 'st', 'nd', 'rd'][day % 10]) ?? 'th'}`;
};

type Write = (date: CalendarDate, names: { month: string; weekday: string }) => string;

function forms(
  language: DateForm['language'],
  calendar: DateForm['calendar'],
  months: readonly string[],
  writers: readonly Write[],
): DateForm[] {
  const weekdays = language === 'en' ? weekdaysEn : weekdaysFa;
  return writers.map((write) => ({
    language,
    calendar,
    write(date, days) {
      const text = write(date, { month: months[date.month - 1]!, weekday: weekdays[weekday(days)]! });
      return language === 'fa' ? withDigits(text, 0x06f0) : text;
    },
  }));
}

const fa: readonly Write[] = [
  ({ year, day }, { month }) => `${day} ${month} ${year}`,
  ({ year, day }, { month, weekday: name }) => `${name} ${day} ${month} ${year}`,
  ({ year, day }, { month }) => `${day} ${month} سال ${year}`,
  ({ year, day }, { month }) => `${ordinalsFa[day - 1]} ${month} ${year}`,
  ({ year, month, day }) => `${year}/${month}/${day}`,
  ({ year, month, day }) => `${year}/${two(month)}/${two(day)}`,
];

/** Years from 1800 are Gregorian and below 1600 Jalali, so a row of numbers says its calendar. */
export const dateForms: readonly DateForm[] = [
  ...forms('en', 'gregorian', gregorianEn, [
    ({ year, day }, { month }) => `${day} ${month} ${year}`,
    ({ year, day }, { month }) => `${day} ${month.slice(0, 3)} ${year}`,
    ({ year, day }, { month }) => `${month} ${day}, ${year}`,
    ({ year, day }, { month }) => `${month.slice(0, 3)} ${day}, ${year}`,
    ({ year, day }, { month }) => `${ordinalEn(day)} of ${month} ${year}`,
    ({ year, day }, { month, weekday: name }) => `${name}, ${month} ${day}, ${year}`,
    ({ year, day }, { month, weekday: name }) => `${name} ${day} ${month} ${year}`,
    ({ year, month, day }) => `${year}/${two(month)}/${two(day)}`,
    ({ year, month, day }) => `${day}.${month}.${year}`,
    ({ year, month, day }) => `${month}/${day}/${year}`,
  ]),
  ...forms('en', 'jalali', jalaliEn, [
    ({ year, day }, { month }) => `${day} ${month} ${year}`,
    ({ year, day }, { month }) => `${month} ${day}, ${year}`,
  ]),
  ...forms('fa', 'gregorian', gregorianFa, fa),
  ...forms('fa', 'jalali', jalaliFa, fa),
];

/** 1999-06-03 */
export function iso({ year, month, day }: CalendarDate): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
