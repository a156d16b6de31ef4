/**
 * `npm run lab`: makes the repository ready, serves the built page on this machine and prints its address.
 * The server is also what the browser tests use: static files with the right types and headers, nothing else.
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root, run } from './process.mjs';
import { setup } from './setup.mjs';

/** The built page. */
export const page = join(root, 'packages', 'web', 'dist');

const DEFAULT_PORT = 5173;

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Serves a folder on 127.0.0.1.
 *
 * @param {{ folder?: string, port?: number, isolation?: boolean }} [options] `folder` defaults to the built page,
 *   `port` to 0 (any free one), `isolation` (cross-origin isolation headers) to true
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 * @throws {Error} when the port is taken, or the folder holds no page
 */
export async function serve({ folder = page, port = 0, isolation = true } = {}) {
  const headers = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
    // The page's own policy, as a header too, so that it also holds in workers.
    'Content-Security-Policy': `${await policyOf(join(folder, 'index.html'))}; frame-ancestors 'self'`,
    ...(isolation && {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    }),
  };
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const file = fileFor(folder, request.url ?? '/');
    const size = file && (await sizeOf(file));
    if (size === undefined) {
      response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': size });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('internal: the server must have a port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/** The content security policy that the built page carries. @param {string} file */
async function policyOf(file) {
  const html = await readFile(file, 'utf8').catch(() => {
    throw new Error(`lab: the page must be built first (npm run build), got no ${file}`);
  });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error(`lab: ${file} must carry a content security policy, got none`);
  return policy.replaceAll('&#39;', "'");
}

/** The file that a request means, or `undefined` for a path outside the folder. @param {string} folder @param {string} url */
function fileFor(folder, url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
    if (path.includes('\0')) return undefined;
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
    return file.startsWith(folder + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} file @returns {Promise<number | undefined>} bytes, or `undefined` when it is no file */
async function sizeOf(file) {
  const facts = await stat(file).catch(() => undefined);
  return facts?.isFile() ? facts.size : undefined;
}

const usage = `usage: npm run lab -- [options]

  --port <number>   port to serve on (default ${DEFAULT_PORT}; 0 = any free one)
  --no-isolation    without the headers for cross-origin isolation
  --open            open the page in the default browser
  --help            this text`;

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      'no-isolation': { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) {
    throw new Error(`lab: --port must be a whole number from 0 to 65535, got ${values.port}`);
  }
  await setup({ quiet: true });
  const { url, close } = await serve({ port, isolation: !values['no-isolation'] });
  console.log(`lab: ${url}  (Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
  }
  if (values.open) await open(url);
}

/** Opens the default browser; a machine without one keeps the printed address. @param {string} url */
async function open(url) {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  const code = await run(command, args).catch(() => 1);
  if (code !== 0) console.error(`lab: no browser could be opened; please open ${url} yourself`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main();
  } catch (error) {
    const taken = error.code === 'EADDRINUSE';
    console.error(
      taken ? `lab: port ${error.port} must be free, got one in use; try --port 0` : error.message,
    );
    process.exitCode = 1;
  }
}
