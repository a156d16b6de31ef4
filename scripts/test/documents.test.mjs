/** What the documents say is run or looked up here, so that it cannot drift from the code unnoticed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { exampleIn } from '../example.mjs';
import { root } from '../process.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
].filter((path) => path.endsWith('.md'));

describe('the example of README.md', () => {
  // Inside the root's node_modules, where `@hw5/core` resolves as for a user of the package.
  const folder = join(root, 'node_modules', '.cache', 'hw5-example');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('runs and learns its sentence', async () => {
    const example = exampleIn(read('README.md'));
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(12);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'example.mjs');
    // The example has no type annotations, so it is JavaScript as it stands.
    writeFileSync(file, example);
    const lines = [];
    const { log } = console;
    console.log = (text) => lines.push(...String(text).split('\n'));
    try {
      await import(/* @vite-ignore */ pathToFileURL(file).href);
    } finally {
      console.log = log;
    }
    expect(lines[0]).toMatch(/^loss \d\.\d{3} nats per character, weights [0-9a-f]{16}$/);
    expect(lines[1]).toMatch(/^and the rain sat on the cat/);
  }, 60_000);
});

describe('links', () => {
  test.each(documents)('of %s lead somewhere', (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#\s]+)/g)].map((match) => match[1]);
    const broken = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(document), target)),
    );
    expect(broken).toEqual([]);
  });

  test('packages introduce themselves on one screen', () => {
    for (const document of documents.filter((path) => path.startsWith('packages/'))) {
      expect(read(document).trimEnd().split('\n').length, document).toBeLessThanOrEqual(40);
    }
  });
});

test.each(['kernel-wasm', 'core', 'cli'])('the licence travels with %s', (name) => {
  expect(read(`packages/${name}/LICENSE`)).toBe(read('LICENSE'));
});

describe('commands', () => {
  test('npm scripts that the documents name exist', () => {
    const rootScripts = JSON.parse(read('package.json')).scripts;
    const webScripts = JSON.parse(read('packages/web/package.json')).scripts;
    for (const document of documents) {
      for (const [, name, rest] of read(document).matchAll(/\bnpm run ([\w:-]+)([^`\n|]*)/g)) {
        const scripts = rest.includes('-w @hw5/web') ? webScripts : rootScripts;
        expect(Object.keys(scripts), `${document}: npm run ${name}`).toContain(name);
      }
    }
  });

  test('files that the documents run with node or bash exist', () => {
    for (const document of documents) {
      for (const [, path] of read(document).matchAll(/\b(?:node|bash) ((?:[\w.-]+\/)+[\w.-]+)/g)) {
        const places = [join(root, path), join(root, dirname(document), path)];
        expect(
          places.some((place) => existsSync(place)),
          `${document}: ${path}`,
        ).toBe(true);
      }
    }
  });
});

describe('the command line in README.md', () => {
  test('is the one that there is', () => {
    const listed = [...read('README.md').matchAll(/^\| `hw5 (\w+)/gm)].map((match) => match[1]);
    const built = [...read('packages/cli/src/commands/index.ts').matchAll(/^\s+(?:\{ )?name: '(\w+)'/gm)].map(
      (match) => match[1],
    );
    expect(built.length).toBeGreaterThan(3);
    expect(listed.sort()).toEqual(built.sort());
  });
});

describe('docs/errors.md', () => {
  const listed = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  const codesIn = (path, type) => {
    const code = read(path).replace(/\/\/.*/g, '');
    const declaration = new RegExp(`export type ${type} =([^;]*);`).exec(code);
    return [...declaration[1].matchAll(/'([A-Z_]+)'/g)].map((match) => match[1]);
  };

  test('lists every code of core and of the command line, and no other', () => {
    const codes = [
      ...codesIn('packages/core/src/errors.ts', 'ErrorCode'),
      ...codesIn('packages/cli/src/errors.ts', 'CliErrorCode'),
    ];
    expect(codes.length).toBeGreaterThan(8);
    expect(listed).toEqual(codes);
  });

  test('gives the exit codes that the command line uses', () => {
    const exits = { user: '1', internal: '2', interrupted: '130' };
    const source = read('packages/cli/src/errors.ts');
    const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|.*\| (\d+) \|$/gm)];
    expect(rows.length).toBe(listed.length);
    for (const [, code, exit] of rows) {
      const used = new RegExp(`^\\s+${code}: EXIT\\.(\\w+),`, 'm').exec(source)?.[1];
      expect(exits[used], code).toBe(exit);
    }
  });
});
