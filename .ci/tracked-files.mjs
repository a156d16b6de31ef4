/**
 * Fails when a tracked file, text or binary, names a package registry or mirror, or a folder of the machine that built
 * it. The hosts are those that this machine's own package clients are set up with, so a private mirror is caught by
 * the very machine that would leak it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = (command, ...args) => {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
};

/** Hosts in the configuration of npm, pip and cargo, and in environment variables that set registries. */
function configuredHosts() {
  const cargo = ['config.toml', 'config'].map((name) => join(homedir(), '.cargo', name)).filter(existsSync);
  const sources = [
    output('npm', 'config', 'get', 'registry'),
    output('pip', 'config', 'list'),
    ...cargo.map((file) => readFileSync(file, 'utf8')),
    ...Object.entries(process.env)
      .filter(([name]) => /registry|index_url|proxy|mirror|dist_server/i.test(name))
      .map(([, value]) => value ?? ''),
  ];
  const hosts = sources.flatMap((text) =>
    [...text.matchAll(/https?:\/\/(?:[^\s/@"']+@)?([\w.-]+)/g)].map((match) => match[1]),
  );
  return [...new Set(hosts)].filter((host) => !/^(localhost|127\.)/.test(host));
}

/** Folders in which this checkout may have been built, and the usual places of home folders. */
function buildPaths() {
  const places = [root, `${homedir()}/`].filter((path) => path.length > 3);
  return [...new Set(places)];
}
const HOME_FOLDER =
  /(?<![\w.])\/(?:root|home\/[a-z][\w-]*|Users\/[A-Za-z][\w-]*)\/(?:\.cargo|\.rustup|work|src|projects?)\b/;
const REGISTRY_IN_LOCKFILE = /"resolved":\s*"https?:/;

const hosts = configuredHosts();
const problems = [];
const files = output('git', 'ls-files', '-z').split('\0').filter(Boolean);
if (files.length === 0) problems.push('git ls-files: must list the tracked files, got none');
for (const file of files) {
  const path = join(root, file);
  if (!existsSync(path) || !statSync(path).isFile()) continue;
  // latin1 keeps every byte, so that text inside binaries is found too.
  const text = readFileSync(path, 'latin1');
  for (const host of hosts) if (text.includes(host)) problems.push(`${file}: names the host ${host}`);
  for (const place of buildPaths())
    if (text.includes(place)) problems.push(`${file}: holds the path ${place}`);
  const home = HOME_FOLDER.exec(text);
  if (home) problems.push(`${file}: holds the path ${home[0]}`);
  if (file.endsWith('package-lock.json') && REGISTRY_IN_LOCKFILE.test(text)) {
    problems.push(`${file}: "resolved" must name no host; .npmrc has the setting for it`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${files.length} tracked files, ${hosts.length} hosts looked for, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
