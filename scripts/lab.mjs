/** `npm run lab`: makes the repository ready and starts `hw5 lab` with the arguments given. */
import { join } from 'node:path';
import { foreground, node, root } from './process.mjs';
import { setup } from './setup.mjs';

try {
  await setup({ quiet: true });
  const main = join(root, 'packages', 'cli', 'dist', 'main.js');
  process.exitCode = await foreground(...node(main, 'lab', ...process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
