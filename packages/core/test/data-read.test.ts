import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseCsv } from '../src/data/csv.js';
import { labelledTexts, taggedTokens, textPairs } from '../src/data/examples.js';
import { parseJsonLines } from '../src/data/json-lines.js';
import { readText } from '../src/data/source.js';
import { decodeUtf8 } from '../src/data/text.js';
import { DataError } from '../src/errors.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('text', () => {
  it('names line and column of the first byte that is not UTF-8', () => {
    const bad = new Uint8Array([...bytesOf('سلام\r\nab'), 0xff, ...bytesOf('\nmore')]);
    expect(() => decodeUtf8(bad, 'a.txt')).toThrow('a.txt: must be UTF-8, got byte 0xFF at line 2, column 3');
  });

  it('a character cut at the end is named where it starts', () => {
    expect(() => decodeUtf8(bytesOf('ab\nگ').slice(0, -1))).toThrow('got byte 0xDA at line 2, column 1');
  });

  it('reads back any text, without its byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(bytesOf(`\ufeff${text}`))).toBe(text);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('sources', () => {
  it('a path, a file URL, a File, bytes and a server give the same text', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hw5-data-'));
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/a.txt' ? 200 : 404;
      response.end('گربه\n');
    });
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
      server.close();
    });
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'گربه\n');
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bytes = bytesOf('گربه\n');
    for (const source of [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      new File([bytes as Uint8Array<ArrayBuffer>], 'a.txt'),
      bytes,
      bytes.slice().buffer,
      `${address}/a.txt`,
      new URL(`${address}/a.txt`),
    ]) {
      expect(await readText(source)).toBe('گربه\n');
    }
    await expect(readText(`${address}/none`)).rejects.toThrow('the server answered 404 for /none');
    await expect(readText(join(folder, 'none'))).rejects.toThrow(DataError);
    await expect(readText(new File([new Uint8Array([0xc0])], 'b.txt'))).rejects.toThrow(
      'b.txt: must be UTF-8',
    );
  });
});

describe('CSV', () => {
  it('quotes, line breaks inside fields, empty lines; rows know their line', () => {
    const table = parseCsv('text,label\r\n"a ""b"", c\r\nd",good\r\n\r\nسلام,bad\r\n');
    expect(table.columns).toEqual(['text', 'label']);
    expect(table.rows).toEqual([
      { line: 2, values: ['a "b", c\r\nd', 'good'] },
      { line: 5, values: ['سلام', 'bad'] },
    ]);
  });

  it.each([';', '\t', ','])('finds the delimiter %j, or takes the given one', (delimiter) => {
    const text = [`text${delimiter}label`, `a b${delimiter}c`, `d${delimiter}e`].join('\n');
    expect(parseCsv(text).rows[0]?.values).toEqual(['a b', 'c']);
    expect(parseCsv(text, { delimiter }).rows[1]?.values).toEqual(['d', 'e']);
  });

  it('without a header line the columns are given', () => {
    const table = parseCsv('a,b\n', { columns: ['text', 'label'] });
    expect(table.rows).toEqual([{ line: 1, values: ['a', 'b'] }]);
  });

  it.each([
    ['text,label\na,b\nc\n', 'reviews.csv: every row must have 2 fields, got 1 at line 3'],
    [
      'text,label\na,"b\nc,d\n',
      'a quoted field must end with its quote, got one that does not at line 2, column 3',
    ],
    ['text,label\n"a"b,c\n', 'got one that does not at line 2, column 1'],
    ['text,text\na,b\n', 'columns must differ, got "text" twice'],
    ['', 'must have a header line, got an empty text'],
  ])('refuses %j', (text, message) => {
    expect(() => parseCsv(text, { name: 'reviews.csv' })).toThrow(message);
  });

  it('reads what any writer that follows RFC 4180 wrote', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'گ', ' ', ',', '"', '\n', '\r\n', ';') });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = [['x', 'y'], ...rows].map((row) => row.map(quoted).join(',')).join('\n');
        const table = parseCsv(text, { delimiter: ',' });
        expect(table.rows.map(({ values }) => values)).toEqual(rows);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('JSON lines', () => {
  it('columns are all keys; a key that a line lacks is undefined; odd names are only names', () => {
    const table = parseJsonLines('{"text":"a","label":1}\n\n{"__proto__":"x","text":"b"}\n');
    expect(table.columns).toEqual(['text', 'label', '__proto__']);
    expect(table.rows[0]).toEqual({ line: 1, values: ['a', 1] });
    expect(table.rows[1]?.line).toBe(3);
    expect(table.rows[1]?.values[0]).toBe('b');
    expect(table.rows[1]?.values[2]).toBe('x');
  });

  it.each([
    ['{"a":1}\n{"a":1,}', 'got "}" at line 2, column 8'],
    ['{"a":tru}', 'at line 1, column 6'],
    ['{"a":1', 'at line 1, column 7'],
    ['{"a":[1,2}', 'at line 1, column 10'],
    ['{"a" 1}', 'at line 1, column 6'],
    ['{a:1}', 'at line 1, column 2'],
    ['{"a":"\tx"}', 'at line 1, column 6'],
    ['{"a":1} {}', 'at line 1, column 9'],
    ['{"a":01}', 'at line 1, column 7'],
    ['[1]', 'must be an object, got [1] at line 1'],
    ['null', 'must be an object, got null at line 1'],
    ['\n', 'must have at least one line'],
  ])('refuses %j', (text, message) => {
    expect(() => parseJsonLines(text)).toThrow(message);
  });

  it('every damaged line is refused with its place, every whole one read', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', 'x', ':'), (json, at, inserted) => {
        const place = at % (json.length + 1);
        const line = `{"v":${json.slice(0, place)}${inserted}${json.slice(place)}}`;
        const whole = (): boolean => {
          try {
            JSON.parse(line);
            return true;
          } catch {
            return false;
          }
        };
        if (whole()) {
          expect(parseJsonLines(line).rows).toHaveLength(1);
          return;
        }
        try {
          parseJsonLines(line);
          expect.unreachable();
        } catch (error) {
          const { line: row, column } = (error as DataError).details as { line: number; column: number };
          expect(row).toBe(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(line.length + 1);
          // What stands before the place can still be completed to JSON: nothing there was wrong.
          expect(column).toBeGreaterThan(Math.min(place, 4));
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('examples', () => {
  it('labels may be numbers or booleans in JSON lines', () => {
    const table = parseJsonLines(
      '{"text":"a","label":1}\n{"text":"b","label":true}\n{"text":"c","label":" x "}',
    );
    expect(labelledTexts(table).map(({ label }) => label)).toEqual(['1', 'true', 'x']);
  });

  it('tokens and tags are arrays or strings split at spaces', () => {
    const lines = parseJsonLines('{"tokens":["the","cat"],"tags":["DET","NOUN"]}');
    const csv = parseCsv('tokens,tags\nthe cat,DET NOUN\n');
    expect(taggedTokens(lines)).toEqual(taggedTokens(csv));
  });

  it('names line and column of what does not fit', () => {
    expect(() => labelledTexts(parseCsv('text,label\na,b\n,c\n', { name: 'r.csv' }))).toThrow(
      'r.csv: column "text" must be a text, got "" at line 3',
    );
    expect(() => labelledTexts(parseCsv('text,stars\na,5\n'))).toThrow(
      'must have the column "label", got "text", "stars"',
    );
    expect(() => taggedTokens(parseCsv('tokens,tags\na b,X\n'))).toThrow('got 2 tokens and 1 tags at line 2');
    expect(() => textPairs(parseJsonLines('{"source":"a"}\n{"source":"b","target":"c"}'))).toThrow(
      'column "target" must be a text, got nothing at line 1',
    );
    expect(() => textPairs(parseCsv('source,target\n'))).toThrow('must have at least one row');
  });
});
