/**
 * Gregorian and Jalali (Iranian solar) dates as a count of days. Jalali leap years follow the 33-year cycle, which gives
 * the official calendar (Nowruz by the noon rule at Tehran) for the years 1200 to 1500.
 */
import { ArgumentError } from '../errors.js';

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** From 1 */
  readonly day: number;
}

interface Calendar {
  readonly firstYear: number;
  readonly lastYear: number;
  isLeap(year: number): boolean;
  /** Days from the calendar's first day to the first day of `year`. */
  daysBeforeYear(year: number): number;
  monthLength(year: number, month: number): number;
  /** Day count of the first day of year 1. */
  readonly epoch: number;
}

const gregorianMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Day 0 is 1 January of year 1, a Monday. */
export const gregorian: Calendar = {
  firstYear: 1,
  lastYear: 9999,
  epoch: 0,
  isLeap: (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0,
  daysBeforeYear(year) {
    const y = year - 1;
    return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  },
  monthLength(year, month) {
    return month === 2 && this.isLeap(year) ? 29 : gregorianMonths[month - 1]!;
  },
};

/** Six months of 31 days, five of 30, and Esfand with 29 or, in leap years, 30. */
export const jalali: Calendar = {
  firstYear: 1200,
  lastYear: 1500,
  // 1 Farvardin 1404 was 21 March 2025.
  epoch: 739_330 - (365 * 1403 + leapsBefore(1404)),
  isLeap: (year) => leapsBefore(year + 1) > leapsBefore(year),
  daysBeforeYear: (year) => 365 * (year - 1) + leapsBefore(year),
  monthLength(year, month) {
    if (month <= 6) return 31;
    return month < 12 || this.isLeap(year) ? 30 : 29;
  },
};

/** Leap years before `year`: years 1, 5, 9, 13, 17, 22, 26 and 30 of every 33. */
function leapsBefore(year: number): number {
  return Math.floor((8 * year + 21) / 33);
}

/** Days since 1 January of the year 1. @throws ArgumentError for a date that the calendar does not have */
export function toDays(calendar: Calendar, { year, month, day }: CalendarDate): number {
  const { firstYear, lastYear } = calendar;
  const exists =
    [year, month, day].every(Number.isSafeInteger) &&
    year >= firstYear &&
    year <= lastYear &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= calendar.monthLength(year, month);
  if (!exists) {
    throw new ArgumentError(
      `calendar: must be a date of the years ${firstYear} to ${lastYear}, got ${year}-${month}-${day}`,
    );
  }
  let days = calendar.epoch + calendar.daysBeforeYear(year) + day - 1;
  for (let m = 1; m < month; m += 1) days += calendar.monthLength(year, m);
  return days;
}

/** Inverse of {@link toDays}. @throws ArgumentError for a day outside the calendar's years */
export function fromDays(calendar: Calendar, days: number): CalendarDate {
  const { epoch, firstYear, lastYear } = calendar;
  let rest = days - epoch;
  let year = Math.floor(rest / 365.2425) + 1;
  while (calendar.daysBeforeYear(year) > rest) year -= 1;
  while (calendar.daysBeforeYear(year + 1) <= rest) year += 1;
  if (!Number.isSafeInteger(days) || year < firstYear || year > lastYear) {
    throw new ArgumentError(
      `calendar: must be a day of the years ${firstYear} to ${lastYear}, got day ${days}`,
    );
  }
  rest -= calendar.daysBeforeYear(year);
  let month = 1;
  for (; rest >= calendar.monthLength(year, month); month += 1) rest -= calendar.monthLength(year, month);
  return { year, month, day: rest + 1 };
}

/** 0 for Monday to 6 for Sunday. */
export function weekday(days: number): number {
  return ((days % 7) + 7) % 7;
}
