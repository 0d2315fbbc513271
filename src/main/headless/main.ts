// The headless host: the same core in plain Node, with the control endpoint instead of a window.
// Prints where it can be reached; with --json one line once listeners accept, for programs.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatAddress } from '#shared/config/primitives.ts';
import { createLog } from '../app/log.ts';
import { type Core, startCore } from '../core.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { entries } from './entries.ts';
import { type Flags, readFlags, USAGE } from './flags.ts';

const SHUTDOWN_GRACE_MS = 10_000;
/** Longest wait for the first probes before saying that Sluice is ready. */
const FIRST_PROBES_MS = 1500;
/** Signals closer together than this are one press. */
const ONE_PRESS_MS = 500;
const EXIT_USAGE = 2;
const EXIT_CANNOT_START = 1;

async function main(): Promise<void> {
  const read = readFlags(process.argv.slice(2));
  if (!read.ok) return exitWith(read.message, EXIT_USAGE);
  if (read.flags.help) return void process.stdout.write(USAGE);
  const { flags } = read;
  // Unguessable and new for each run; it never touches the disk.
  const token = randomBytes(24).toString('base64url');

  const log = createLog(flags.json || !process.stderr.isTTY ? 'json' : 'plain');
  let core: Core;
  try {
    core = await startCore(
      {
        dataDir: resolve(flags.dataDir ?? '.sluice'),
        configFile: flags.configFile === null ? null : resolve(flags.configFile),
        host: 'headless',
        startDemo: flags.demo,
        version: entries.version,
        engineThread: entries.engineThread,
        demoThread: entries.demoThread,
      },
      log,
    );
  } catch (error) {
    return exitWith(error instanceof Error ? error.message : String(error), EXIT_CANNOT_START);
  }

  let control: ControlServer;
  try {
    control = await startControlServer({
      core,
      ...flags.control,
      token,
      windowRoot: windowRoot(),
      onBug: (target, error) => log.error(error, `${target} failed unexpectedly`),
    });
  } catch (error) {
    await core.stop(0);
    return exitWith(controlFailure(flags, error as NodeJS.ErrnoException), EXIT_CANNOT_START);
  }

  stopOnSignals(core, control);
  await core.probed(FIRST_PROBES_MS);
  await announce(core, control, token, flags.json);
}

function windowRoot(): string | null {
  const root = fileURLToPath(entries.window);
  return existsSync(root) ? root : null;
}

async function announce(core: Core, control: ControlServer, token: string, json: boolean): Promise<void> {
  const { listeners } = await core.query('status.get', {});
  const url = `http://${formatAddress(control.host, control.port)}`;
  if (json) {
    const accepting = listeners.filter((listener) => listener.state === 'listening');
    process.stdout.write(
      `${JSON.stringify({
        event: 'ready',
        control: url,
        token,
        listeners: accepting.map(({ name, address }) => ({ name, address })),
      })}\n`,
    );
  } else {
    process.stdout.write(`Sluice is running: ${url}/#token=${token}\n`);
    const secured = await httpsListeners(core);
    for (const { name, error, address } of listeners) {
      const scheme = secured.has(name) ? 'https' : 'http';
      process.stdout.write(`  ${name}: ${error ?? `${scheme}://${address}`}\n`);
    }
  }
}

async function httpsListeners(core: Core): Promise<ReadonlySet<string>> {
  const { config } = await core.query('config.get', {});
  return new Set(config.listeners.filter(({ protocol }) => protocol === 'https').map(({ name }) => name));
}

function stopOnSignals(core: Core, control: ControlServer): void {
  let stopping = false;
  let stoppingSince = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means now; npm and a terminal may both send the first.
      if (stopping) {
        if (performance.now() - stoppingSince > ONE_PRESS_MS) process.exit(1);
        return;
      }
      stopping = true;
      stoppingSince = performance.now();
      process.stderr.write('Stopping: requests under way may finish; press Ctrl-C again to stop now.\n');
      void control
        .close()
        .then(() => core.stop(SHUTDOWN_GRACE_MS))
        .then(() => process.exit(0));
    });
  }
}

function controlFailure(flags: Flags, error: NodeJS.ErrnoException): string {
  const address = formatAddress(flags.control.host, flags.control.port);
  if (error.code === 'EADDRINUSE') {
    return `--control ${address}: the port is already in use; close what uses it or choose another port`;
  }
  if (error.code === 'EACCES')
    return `--control ${address}: this user may not bind that port; choose one above 1023`;
  return `--control ${address}: ${error.message}`;
}

function exitWith(message: string, code: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}

await main();
