/** Starts the installed `hw5 lab` in the current folder, asks for what a page loads, ends it, and prints what came. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const lab = spawn('npx', ['--no-install', 'hw5', 'lab', '--json', '--port', '0'], { detached: true });
const line = await new Promise((resolve) => lab.stdout.once('data', (data) => resolve(String(data))));
const { url } = JSON.parse(line);
const page = await fetch(url);
const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())[1];
const wasm = readdirSync('node_modules/hw5/dist/page/assets').find((name) => name.endsWith('.wasm'));
const type = async (path) => (await fetch(url + path)).headers.get('content-type');
const isolation = page.headers.get('cross-origin-embedder-policy');
console.log([page.status, isolation, await type(script), await type(`assets/${wasm}`)].join(' | '));
if (lab.pid !== undefined) process.kill(-lab.pid, 'SIGINT');
await new Promise((resolve) => lab.once('close', resolve));
