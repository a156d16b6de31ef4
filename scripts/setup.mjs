/**
 * From a fresh clone to built packages: checks Node, installs the pinned dependencies, builds through turbo.
 * Each part is skipped when its result is already there, so that a second run costs about a second.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, npm, root, run, turbo } from './process.mjs';

/** The oldest Node that runs the built packages and their tools; the same as `engines` in package.json. */
const OLDEST_NODE = [20, 19];

/**
 * Returns the complaint about a Node version, or `undefined` when it is new enough.
 *
 * @param {string} version such as `20.20.2`
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantMajor, wantMinor] = OLDEST_NODE;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return undefined;
  return `setup: node must be ${wantMajor}.${wantMinor} or newer, got ${version} (${process.execPath})`;
}

/**
 * Returns why dependencies must be installed, or `undefined` when what is installed is what the lockfile says.
 * Compares contents, never times: a clone, a cache or an unpacked archive gives files arbitrary times.
 *
 * @param {string} folder the repository's root
 */
export function installReason(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(installedFile);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    if (!existsSync(join(folder, path))) {
      // Binaries of other platforms are in the lockfile and rightly not on the disk.
      if (entry.optional || entry.devOptional || entry.peer) continue;
      return `${path} is missing`;
    }
    if (entry.link) continue;
    const found = installed[path]?.version;
    if (found !== entry.version) return `${path} must be ${entry.version}, got ${found ?? 'another install'}`;
  }
  return undefined;
}

/** @param {string} file @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }>} */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * Makes the repository ready to run.
 *
 * @param {{ quiet?: boolean }} [options] `quiet` (default false) prints only what takes time or goes wrong
 * @throws {Error} with a message for people when Node is too old, or the install or the build fails
 */
export async function setup({ quiet = false } = {}) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint) throw new Error(complaint);

  const reason = installReason(root);
  if (reason) {
    console.error(`setup: installing dependencies (${reason})`);
    const code = await run(...npm('ci', '--ignore-scripts', '--no-audit', '--no-fund'));
    if (code !== 0) throw new Error(`setup: npm ci must exit with 0, got ${code}`);
  } else if (!quiet) {
    console.error('setup: dependencies are up to date');
  }

  const said = [];
  const code = await run(...turbo('build', '--output-logs=new-only', '--log-order=grouped'), {
    onLine(line) {
      said.push(line);
      const note = quiet ? buildNote(line) : line;
      if (note) console.error(note);
    },
  });
  if (code !== 0) {
    if (quiet) console.error(said.join('\n'));
    throw new Error(`setup: turbo run build must exit with 0, got ${code}`);
  }
  await linkCommand();
}

/** npm links commands when it installs, but only those whose file is there, and hw5 is built later. */
async function linkCommand() {
  const link = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'hw5.cmd' : 'hw5');
  if (existsSync(link)) return;
  const code = await run(...npm('rebuild', 'hw5', '--ignore-scripts', '--loglevel=error'), { onLine() {} });
  if (code !== 0) throw new Error(`setup: npm rebuild hw5 must exit with 0, got ${code}`);
}

/** What a quiet set-up says about a line of turbo's output: which package is being built, else nothing. */
export function buildNote(line) {
  const name = /^(\S+):build: cache miss, executing/.exec(line)?.[1];
  return name && `setup: building ${name}`;
}

if (isMain(import.meta.url)) {
  try {
    await setup();
    console.error(`setup: ready in ${root}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
