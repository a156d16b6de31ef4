/**
 * Serves the built lab: static files of one folder with the right types and headers, nothing else. Written for this machine;
 * any static host can serve the same folder, since the page carries its content security policy itself.
 */
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../errors.js';

/** The lab as the build puts it beside this program. */
export const builtLab: string = fileURLToPath(new URL('../page', import.meta.url));

export interface ServeOptions {
  /** Defaults to the built lab. */
  readonly folder?: string;
  /** Defaults to 0: any free one. */
  readonly port?: number;
  /** Defaults to 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Headers for cross-origin isolation (shared memory for several workers). Defaults to true. */
  readonly isolation?: boolean;
}

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** @throws CliError FILE when the folder holds no lab; the error of `listen` when the port is taken */
export async function serve(options: ServeOptions = {}): Promise<Site> {
  const { port = 0, host = '127.0.0.1', isolation = true } = options;
  const folder = await realpath(options.folder ?? builtLab).catch(() => options.folder ?? builtLab);
  const headers = await headersOf(folder, isolation);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    void answer(response, { folder, headers, url: request.url ?? '/', body: request.method === 'GET' });
  });
  await listening(server, port, host);
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('internal: the server must have a port');
  }
  const name = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host;
  return {
    url: `http://${name}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve());
  });
}

async function headersOf(folder: string, isolation: boolean): Promise<OutgoingHttpHeaders> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
    // The page's own policy, as a header too, so that it also holds in workers.
    'Content-Security-Policy': `${await policyOf(join(folder, 'index.html'))}; frame-ancestors 'self'`,
    ...(isolation
      ? {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
          'Cross-Origin-Resource-Policy': 'same-origin',
        }
      : {}),
  };
}

/** The content security policy that the built page carries. */
async function policyOf(file: string): Promise<string> {
  const html = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError('FILE', `lab: the page must be built, got no ${file}`, undefined, error);
  });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) {
    throw new CliError('FILE', `lab: the page must carry a content security policy, got none in ${file}`);
  }
  return policy.replaceAll('&#39;', "'");
}

interface Asked {
  readonly folder: string;
  readonly headers: OutgoingHttpHeaders;
  readonly url: string;
  readonly body: boolean;
}

async function answer(response: ServerResponse, { folder, headers, url, body }: Asked): Promise<void> {
  const file = await fileFor(folder, url);
  if (file === undefined) {
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
    return;
  }
  const type = types[extname(file.path)] ?? 'application/octet-stream';
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': file.size });
  if (!body) {
    response.end();
    return;
  }
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** The file that a request means; `undefined` for what is no file, and for every path that leads out of the folder. */
async function fileFor(folder: string, url: string): Promise<{ path: string; size: number } | undefined> {
  try {
    const asked = decodeURIComponent(new URL(url, 'http://lab').pathname);
    if (asked.includes('\0')) return undefined;
    const path = normalize(join(folder, asked.endsWith('/') ? `${asked}index.html` : asked));
    // A link in the folder must not lead out of it, either.
    const real = await realpath(path);
    if (!path.startsWith(folder + sep) || !real.startsWith(folder + sep)) return undefined;
    const facts = await stat(real);
    return facts.isFile() ? { path: real, size: facts.size } : undefined;
  } catch {
    return undefined;
  }
}
