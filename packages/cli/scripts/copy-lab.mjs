/** Puts the built lab beside the built program, so that the packed package serves it (`hw5 lab`). Part of the build. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../../web/dist', import.meta.url));
const to = fileURLToPath(new URL('../dist/page', import.meta.url));

if (!existsSync(from)) throw new Error(`lab: the page must be built first (npm run build), got no ${from}`);
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
