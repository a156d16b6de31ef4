/** A value somewhere in a file, which knows where it stands: errors name the place, the rule and the value. */
import { CliError } from '../errors.js';

export type Scalar = string | number | boolean;

interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

export class Place {
  readonly #file: string;
  readonly #path: string;
  readonly value: unknown;

  /** @param file - how messages call the file, e.g. `sweep.json` */
  constructor(file: string, value: unknown, path = '') {
    this.#file = file;
    this.#path = path;
    this.value = value;
  }

  get given(): boolean {
    return this.value !== undefined;
  }

  /** @throws CliError USAGE that names this place */
  refuse(rule: string, hint?: string): never {
    const where = this.#path === '' ? this.#file : `${this.#file}: ${this.#path}`;
    throw new CliError('USAGE', `${where}: must be ${rule}, got ${written(this.value)}`, hint);
  }

  /** Another error, told as one of this place. */
  wrap(error: unknown, hint?: string): CliError {
    const where = this.#path === '' ? this.#file : `${this.#file}: ${this.#path}`;
    const said = error instanceof Error ? error.message.replace(/^error: /, '') : String(error);
    return new CliError('USAGE', `${where}: ${said}`, hint, error);
  }

  /** A value below this one. */
  at(key: string): Place {
    const value = this.isObject() ? this.value[key] : undefined;
    return new Place(this.#file, value, this.#path === '' ? key : `${this.#path}.${key}`);
  }

  isObject(): this is { readonly value: Readonly<Record<string, unknown>> } {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** An object with no other keys than these. */
  object(keys: readonly string[]): void {
    const entries = this.entries();
    for (const [key, place] of entries) {
      if (!keys.includes(key)) place.refuse(`left out: ${this.#path || 'a sweep'} has ${keys.join(', ')}`);
    }
  }

  entries(): (readonly [string, Place])[] {
    if (!this.isObject()) this.refuse('an object');
    return Object.keys(this.value as object).map((key) => [key, this.at(key)] as const);
  }

  list(rule: string): Place[] {
    const { value } = this;
    if (!Array.isArray(value) || value.length === 0) this.refuse(rule);
    return (value as unknown[]).map((item, index) => new Place(this.#file, item, `${this.#path}[${index}]`));
  }

  number({ min = -Infinity, max = Infinity, whole = false }: NumberRule = {}): number {
    const { value } = this;
    const fits =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= min &&
      value <= max &&
      (!whole || Number.isSafeInteger(value));
    if (fits) return value;
    const least = min === -Infinity ? '' : ` of at least ${min}`;
    const most = max === Infinity ? '' : `${least === '' ? ' of' : ' and'} at most ${max}`;
    return this.refuse(`a ${whole ? 'whole ' : ''}number${least}${most}`);
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.refuse('true or false');
  }

  word<const T extends string>(words: readonly T[]): T {
    return words.find((word) => word === this.value) ?? this.refuse(`one of ${words.join(', ')}`);
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.refuse('a text');
  }

  scalar(): Scalar {
    const { value } = this;
    const fits = ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    return fits ? (value as Scalar) : this.refuse('a text, a number, true or false');
  }
}

function written(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
