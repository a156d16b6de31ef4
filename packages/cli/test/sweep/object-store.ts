/** An object store over plain HTTP, in memory: PUT, GET, DELETE, and `If-None-Match: *` as S3 and its kin have it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ObjectStore {
  readonly address: string;
  readonly objects: Map<string, Buffer>;
}

/** @param options - `token`: who comes without it is refused; `failEvery`: so many requests, then one 503 */
export async function startObjectStore(
  options: { readonly token?: string; readonly failEvery?: number } = {},
): Promise<ObjectStore> {
  const { token, failEvery = 0 } = options;
  const objects = new Map<string, Buffer>();
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      response.statusCode = answer(request.method ?? '', request.url ?? '', Buffer.concat(chunks));
      response.end(
        request.method === 'GET' && response.statusCode === 200 ? objects.get(request.url ?? '') : '',
      );
    });
    const answer = (method: string, key: string, body: Buffer): number => {
      if (failEvery > 0 && requests % failEvery === 0) return 503;
      if (token !== undefined && request.headers.authorization !== token) return 403;
      if (method === 'GET') return objects.has(key) ? 200 : 404;
      if (method === 'DELETE') return objects.delete(key) ? 204 : 404;
      if (request.headers['if-none-match'] === '*' && objects.has(key)) return 412;
      objects.set(key, body);
      return 201;
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket`, objects };
}
