/**
 * Where runs are kept: ROOT/runs/ID once they are finished, ROOT/runs/ID.N while attempt N trains. An attempt becomes
 * the result by one rename, which the file system grants once: who comes second is refused, on one machine and on a
 * shared folder alike.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CliError, fileError } from '../errors.js';
import { disk, replaceFile, syncFolder } from '../run/durable.js';
import { shownPath } from '../run/folder.js';
import { readText, sampleName } from '../text.js';
import type { RunResult, RunSpec, SweepData } from './run-spec.js';

const RESULT = 'result.json';

/** Where finished runs go: a folder ({@link RunStore}), or an object store (http-store.ts). */
export interface Store {
  /** Keep a copy of what the sweep learns from: later changes of the file do not reach it. */
  keepData(path: string): Promise<SweepData | undefined>;
  /** Have the copy at hand. @returns its path @throws CliError DATA when it is another text, FILE when it is not there */
  data(data: SweepData): Promise<string>;
  /** The result that was committed, if one was. */
  committed(id: string): Promise<RunResult | undefined>;
  /** A new folder for a run; with `resume` it begins, where it can, as a copy of what there is of it. */
  begin(spec: RunSpec, resume: boolean): Attempt;
  /** Make an attempt the result. @returns the committed result: this one, or, when another came first, that one */
  commit(id: string, attempt: Attempt, result: RunResult): Promise<RunResult>;
  /** Remove an attempt that leads nowhere. */
  drop(attempt: Attempt): void;
  /** Where a finished run is, for a person; undefined when it was not kept. */
  place(id: string): string | undefined;
}

/** A folder in which a run is being trained. */
export interface Attempt {
  readonly folder: string;
  /** The folder holds a checkpoint to go on from. */
  readonly resumes: boolean;
}

export class RunStore implements Store {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
    try {
      mkdirSync(this.#runs, { recursive: true });
      mkdirSync(this.#data, { recursive: true });
    } catch (error) {
      throw fileError('sweep', root, error);
    }
  }

  get #runs(): string {
    return join(this.root, 'runs');
  }

  get #data(): string {
    return join(this.root, 'data');
  }

  async keepData(path: string): Promise<SweepData | undefined> {
    if (path === sampleName) return undefined;
    const { bytes, sha256 } = await readText(path);
    const data = { name: path === '-' ? 'stdin.txt' : basename(path), sha256 };
    if (!existsSync(this.dataPath(data))) await replaceFile('data', this.dataPath(data), bytes);
    return data;
  }

  dataPath({ name, sha256 }: SweepData): string {
    return join(this.#data, `${sha256.slice(0, 12)}-${name}`);
  }

  async data(data: SweepData): Promise<string> {
    const path = this.dataPath(data);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      throw fileError('data', path, error, 'workers and sweep must share the folder of --artifacts');
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 === data.sha256) return path;
    throw new CliError(
      'DATA',
      `data: ${path} must have SHA-256 ${data.sha256.slice(0, 12)}..., got ${sha256.slice(0, 12)}...`,
    );
  }

  folder(id: string): string {
    return join(this.#runs, id);
  }

  async committed(id: string): Promise<RunResult | undefined> {
    try {
      return JSON.parse(readFileSync(join(this.folder(id), RESULT), 'utf8')) as RunResult;
    } catch {
      return undefined;
    }
  }

  /**
   * What there is of a run is the latest attempt, or the same run up to fewer steps. It is copied: whoever may still be
   * writing there is not disturbed and does not disturb.
   */
  begin({ id, from }: RunSpec, resume: boolean): Attempt {
    const before = resume ? this.#latest(id, from) : undefined;
    for (let number = this.#attempts(id).at(-1) ?? 0; ; ) {
      number += 1;
      const folder = join(this.#runs, `${id}.${number}`);
      try {
        mkdirSync(folder);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw fileError('sweep', folder, error);
      }
      return { folder, resumes: before !== undefined && copyRun(before, folder) };
    }
  }

  async commit(id: string, { folder }: Attempt, result: RunResult): Promise<RunResult> {
    const earlier = await this.committed(id);
    if (earlier === undefined) {
      try {
        await replaceFile('result', join(folder, RESULT), `${JSON.stringify(result)}\n`);
        renameSync(folder, this.folder(id));
        await syncFolder(disk, this.#runs);
      } catch (error) {
        const first = await this.committed(id);
        if (first === undefined)
          throw error instanceof CliError ? error : fileError('result', this.folder(id), error);
        this.#sweepUp(id);
        return first;
      }
    }
    this.#sweepUp(id);
    return earlier ?? result;
  }

  place(id: string): string | undefined {
    return existsSync(this.folder(id)) ? shownPath(this.folder(id)) : undefined;
  }

  drop({ folder }: Attempt): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** What other attempts left is of no use once there is a result. */
  #sweepUp(id: string): void {
    for (const number of this.#attempts(id)) {
      rmSync(join(this.#runs, `${id}.${number}`), { recursive: true, force: true });
    }
  }

  #attempts(id: string): number[] {
    return readdirSync(this.#runs)
      .flatMap((name) => (name.startsWith(`${id}.`) ? [Number(name.slice(id.length + 1))] : []))
      .sort((a, b) => a - b);
  }

  #latest(id: string, from: string | undefined): string | undefined {
    const attempts = this.#attempts(id).reverse();
    const names = [...attempts.map((number) => `${id}.${number}`), ...(from === undefined ? [] : [from])];
    return names
      .map((name) => join(this.#runs, name))
      .find((folder) => existsSync(join(folder, 'config.json')));
  }
}

/** All but the lock and what was half written; false when there is nothing whole to copy. */
function copyRun(from: string, to: string): boolean {
  const kept = (path: string): boolean => !/(^|[/\\])(lock(\..*)?|.*\.tmp|result\.json)$/.test(path);
  try {
    cpSync(from, to, { recursive: true, filter: kept });
    return true;
  } catch {
    return false; // somebody swept it up meanwhile
  }
}
