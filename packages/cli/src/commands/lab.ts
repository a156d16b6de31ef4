/** `hw5 lab`: the lab in a browser, served from this machine. */
import type { Command } from 'commander';
import { wholeNumber } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { stopSignal } from '../interrupt.js';
import { openBrowser } from '../lab/open.js';
import { type ServeOptions, type Site, serve } from '../lab/server.js';
import { err, out } from '../terminal.js';

interface LabOptions {
  readonly port?: number;
  readonly host: string;
  readonly open?: true;
  readonly isolation: boolean;
  readonly json?: true;
}

const DEFAULT_PORT = 5173;
/** Ports after the default one that are tried when it is taken. */
const MORE_PORTS = 20;

export function define(command: Command): void {
  command
    .option(
      '--port <number>',
      `port to serve on, 0 = any free one (default: ${DEFAULT_PORT} or the next free one)`,
      port,
    )
    .option('--host <name>', 'address to serve on; 0.0.0.0 lets others in the network in', '127.0.0.1')
    .option('--open', 'open it in the default browser')
    .option('--no-isolation', 'without the headers for cross-origin isolation');
  addJson(command, 'the address');
  addExamples(command, [
    ['lab --open', 'open the lab in your browser; Ctrl-C ends it'],
    ['lab --port 8080 --host 0.0.0.0', 'for a class room'],
  ]);
  command.action(async (options: LabOptions) => {
    const { host, isolation } = options;
    const stop = stopSignal();
    const site = await start({ host, isolation }, options.port);
    if (options.json) out.line(JSON.stringify({ url: site.url }));
    else out.line(`lab: ${site.url}  (Ctrl-C ends it)`);
    if (options.open && !(await openBrowser(site.url))) {
      err.line(`lab: no browser could be opened; please open ${site.url} yourself`);
    }
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
    await site.close();
  });
}

const port = wholeNumber('--port', { min: 0, max: 65_535 });

/** On the port asked for, or, when none was, on the first free one from the default on. */
async function start(options: ServeOptions, wanted: number | undefined): Promise<Site> {
  const tries =
    wanted === undefined ? Array.from({ length: MORE_PORTS }, (_, i) => DEFAULT_PORT + i) : [wanted];
  for (const port of tries) {
    try {
      return await serve({ ...options, port });
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EADDRINUSE' && wanted === undefined) continue;
      throw code === undefined || error instanceof CliError
        ? error
        : listenError(code, port, options.host, error);
    }
  }
  return serve({ ...options, port: 0 });
}

function listenError(code: string, port: number, host: string | undefined, cause: unknown): CliError {
  switch (code) {
    case 'EADDRINUSE':
      return new CliError(
        'USAGE',
        `--port: must be free, got ${port}, which is in use`,
        'try --port 0',
        cause,
      );
    case 'EACCES':
      return new CliError('USAGE', `--port: must be allowed for you, got ${port}`, 'try --port 0', cause);
    default:
      return new CliError('USAGE', `--host: must be an address of this machine, got ${host}`, code, cause);
  }
}
