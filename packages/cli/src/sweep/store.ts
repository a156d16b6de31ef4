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
import { readText, sampleName } from '../text.js';
import type { RunResult, RunSpec, SweepData } from './run-spec.js';

const RESULT = 'result.json';

/** A folder in which a run is being trained. */
export interface Attempt {
  readonly folder: string;
  /** The folder holds a checkpoint to go on from. */
  readonly resumes: boolean;
}

export class RunStore {
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

  /** Keep a copy of what the sweep learns from: later changes of the file do not reach it. */
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

  /** @throws CliError DATA when the copy is missing or is another text */
  checkData(data: SweepData): void {
    const path = this.dataPath(data);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      throw fileError('data', path, error, 'workers and sweep must share the folder of --artifacts');
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 === data.sha256) return;
    throw new CliError(
      'DATA',
      `data: ${path} must have SHA-256 ${data.sha256.slice(0, 12)}..., got ${sha256.slice(0, 12)}...`,
    );
  }

  folder(id: string): string {
    return join(this.#runs, id);
  }

  /** The result that was committed, if one was. */
  committed(id: string): RunResult | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folder(id), RESULT), 'utf8')) as RunResult;
    } catch {
      return undefined;
    }
  }

  /**
   * A new folder for a run. With `resume` it begins as a copy of the latest attempt, or of the same run up to fewer
   * steps: whoever may still be writing there is not disturbed and does not disturb.
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

  /**
   * Make an attempt the result.
   * @returns the committed result: this one, or, when another attempt came first, that one
   */
  async commit(id: string, { folder }: Attempt, result: RunResult): Promise<RunResult> {
    const earlier = this.committed(id);
    if (earlier === undefined) {
      await replaceFile('result', join(folder, RESULT), `${JSON.stringify(result)}\n`);
      try {
        renameSync(folder, this.folder(id));
        await syncFolder(disk, this.#runs);
      } catch (error) {
        const first = this.committed(id);
        if (first === undefined) throw fileError('result', this.folder(id), error);
        this.#sweepUp(id);
        return first;
      }
    }
    this.#sweepUp(id);
    return earlier ?? result;
  }

  /** Remove an attempt that leads nowhere. */
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
    const folders = [...attempts.map((number) => join(this.#runs, `${id}.${number}`))];
    if (from !== undefined) folders.push(this.folder(from));
    return folders.find((folder) => existsSync(join(folder, 'config.json')));
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
