import { describe, expect, it } from 'vitest';
import { fromDays, gregorian, jalali, toDays, weekday } from '../src/data/calendar.js';

const DAY_MS = 86_400_000;
const EPOCH_1970 = 719_162;

it('Gregorian dates are those of JavaScript', () => {
  for (let days = toDays(gregorian, { year: 1599, month: 1, day: 1 }); days < 780_000; days += 97) {
    const date = new Date((days - EPOCH_1970) * DAY_MS);
    const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    expect(fromDays(gregorian, days)).toEqual(expected);
    expect(toDays(gregorian, expected)).toBe(days);
    expect(weekday(days)).toBe((date.getUTCDay() + 6) % 7);
  }
});

describe('Jalali', () => {
  it.each([
    ['1304-01-11', '1925-03-31'], // the law that made this calendar official
    ['1320-06-25', '1941-09-16'],
    ['1332-05-28', '1953-08-19'],
    ['1357-11-22', '1979-02-11'],
    ['1368-03-14', '1989-06-04'],
    ['1378-03-13', '1999-06-03'],
    ['1399-12-30', '2021-03-20'],
    ['1403-12-30', '2025-03-20'],
    ['1404-01-01', '2025-03-21'],
  ])('%s is %s', (own, iso) => {
    const parts = (text: string) => {
      const [year, month, day] = text.split('-').map(Number);
      return { year: year!, month: month!, day: day! };
    };
    expect(toDays(jalali, parts(own))).toBe(toDays(gregorian, parts(iso)));
  });

  it('every day of 1200 to 1500 comes back, one after the other', () => {
    let days = toDays(jalali, { year: 1200, month: 1, day: 1 });
    for (let year = 1200; year <= 1500; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        for (let day = 1; day <= jalali.monthLength(year, month); day += 1) {
          const date = { year, month, day };
          if (toDays(jalali, date) !== days) expect(toDays(jalali, date), JSON.stringify(date)).toBe(days);
          const back = fromDays(jalali, days);
          if (back.day !== day || back.month !== month || back.year !== year) expect(back).toEqual(date);
          days += 1;
        }
      }
    }
    expect(days - toDays(jalali, { year: 1200, month: 1, day: 1 })).toBe(109_938);
  });

  it('each year begins as the sun says: at the equinox, the day after when it falls past noon at Tehran', () => {
    const away: string[] = [];
    for (let year = 1200; year <= 1500; year += 1) {
      const start = toDays(jalali, { year, month: 1, day: 1 });
      const equinox = marchEquinox(year + 621); // days since year 1, Tehran's mean time
      // The formula is good to some minutes; nearer to noon than a quarter of an hour it cannot judge.
      const nearNoon = Math.abs((equinox % 1) - 0.5) < 0.0105;
      if (!nearNoon && start !== Math.round(equinox)) away.push(`${year}: ${equinox}`);
    }
    expect(away).toEqual([]);
  });

  it('refuses dates that do not exist', () => {
    expect(() => toDays(jalali, { year: 1404, month: 12, day: 30 })).toThrow('got 1404-12-30');
    expect(() => toDays(gregorian, { year: 2023, month: 2, day: 29 })).toThrow('got 2023-2-29');
    expect(() => toDays(jalali, { year: 1199, month: 1, day: 1 })).toThrow('years 1200 to 1500');
    expect(() => toDays(jalali, { year: 1400, month: 13, day: 1 })).toThrow('got 1400-13-1');
    expect(() => fromDays(jalali, 0)).toThrow('years 1200 to 1500, got day 0');
    expect(() => fromDays(gregorian, 1.5)).toThrow('got day 1.5');
  });
});

/** Meeus, Astronomical Algorithms, chapter 27: the instant of the March equinox, for the years 1000 to 3000. */
function marchEquinox(year: number): number {
  const y = (year - 2000) / 1000;
  const mean = 2451623.80984 + 365242.37404 * y + 0.05169 * y ** 2 - 0.00411 * y ** 3 - 0.00057 * y ** 4;
  const t = (mean - 2451545) / 36525;
  const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
  const w = 35999.373 * t - 2.47;
  const lambda = 1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w);
  const terms = [
    [485, 324.96, 1934.136],
    [203, 337.23, 32964.467],
    [199, 342.08, 20.186],
    [182, 27.85, 445267.112],
    [156, 73.14, 45036.886],
    [136, 171.52, 22518.443],
    [77, 222.54, 65928.934],
    [74, 296.72, 3034.906],
    [70, 243.58, 9037.513],
    [58, 119.81, 33718.147],
    [52, 297.17, 150.678],
    [50, 21.02, 2281.226],
    [45, 247.54, 29929.562],
    [44, 325.15, 31555.956],
    [29, 60.93, 4443.417],
    [18, 155.12, 67555.328],
    [17, 288.79, 4562.452],
    [16, 198.04, 62894.029],
    [14, 199.76, 31436.921],
    [12, 95.39, 14577.848],
    [12, 287.11, 31931.756],
    [12, 320.81, 34777.259],
    [9, 227.73, 1222.114],
    [8, 15.45, 16859.074],
  ] as const;
  const sum = terms.reduce((total, [a, b, c]) => total + a * cos(b + c * t), 0);
  const ephemeris = mean + (0.00001 * sum) / lambda;
  const tehran = ephemeris + 52.5 / 360; // zone meridian
  return tehran - 1721425.5; // 1 January of year 1 at midnight is day 0
}
