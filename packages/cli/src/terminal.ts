/** The two output streams: results on stdout, progress and errors on stderr; colour only where it is read by a person. */
import { Ansis } from 'ansis';

export type Style = Ansis;

/** Colour wishes: NO_COLOR (not empty) wins, then FORCE_COLOR, then whether the stream is a terminal. */
function hasColour(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  const force = process.env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** A stream with its own colours. Only the 16 named colours are used, so that the reader's palette decides. */
export class Terminal {
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  readonly colour: boolean;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
    this.colour = hasColour(stream);
    this.style = new Ansis(this.colour ? 1 : 0);
  }

  get isTTY(): boolean {
    return this.stream.isTTY === true;
  }

  /** Columns to lay out for: the terminal's, 80 elsewhere. */
  get columns(): number {
    return this.stream.columns ?? 80;
  }

  write(text: string): void {
    if (!this.stream.writableEnded && !this.stream.destroyed) this.stream.write(text);
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  /** Resolves when everything written has left the process, or has failed and said so. */
  async flush(): Promise<void> {
    if (this.stream.writable) await new Promise<void>((resolve) => this.stream.write('', () => resolve()));
    await new Promise((resolve) => setImmediate(resolve)); // a failed write tells its listeners a tick later
  }
}

export const out: Terminal = new Terminal(process.stdout);
export const err: Terminal = new Terminal(process.stderr);

/** One line for the reader about something that went on differently than it should. */
export function warn(message: string): void {
  err.line(`${err.style.yellow('hw5:')} ${message}`);
}

/**
 * Text that came from a file or a model, made safe to print: control characters become pictures
 * (ESC is shown as U+241B), so that a text cannot send commands to the reader's terminal.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return '\u2421';
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

/** How the reader starts hw5: `npx hw5` below npm, where no `hw5` is on the path. */
export const self: string = process.env.npm_execpath === undefined ? 'hw5' : 'npx hw5';
