// The shipping headless host as a process of its own: out/main/headless.js with the flags a person
// would give, talked to over its control endpoint. Disposal kills it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openEvents } from './carriers.ts';
import { CoreView } from './core-view.ts';

const ENTRY = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url));
const WAIT_MS = 20_000;

export interface Ready {
  event: 'ready';
  control: string;
  token: string;
  listeners: { name: string; address: string }[];
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Headless extends AsyncDisposable {
  ready: Ready;
  /** A client over the WebSocket, as the window is one. */
  view: CoreView;
  /** `http://host:port` of a listener that accepted when it was ready. */
  url(listener?: string): string;
  output(): { stdout: string; stderr: string };
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

/** Starts it with `--json` and waits for its ready line. */
export async function startHeadless(...flags: string[]): Promise<Headless> {
  const { child, ended, output } = launch(['--json', ...flags]);
  try {
    const ready = await firstLine(child, ended);
    const view = await CoreView.open(await openEvents(new URL(ready.control).host, ready.token));
    const kill = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    };
    return {
      ready,
      view,
      url(name = 'web') {
        const listener = ready.listeners.find((each) => each.name === name);
        if (!listener) throw new Error(`${name} did not accept: ${JSON.stringify(ready.listeners)}`);
        return `http://${listener.address}`;
      },
      output,
      kill,
      async [Symbol.asyncDispose]() {
        view.close();
        await kill('SIGKILL');
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Runs it to its end; for what must not start. */
export async function runHeadless(...flags: string[]): Promise<Ended> {
  const { child, ended } = launch(flags);
  const timer = setTimeout(() => child.kill('SIGKILL'), WAIT_MS);
  const result = await ended;
  clearTimeout(timer);
  return result;
}

function launch(flags: string[]) {
  if (!existsSync(ENTRY))
    throw new Error(`${ENTRY} is not there: these tests run what ships, so build it first`);
  const child = spawn(process.execPath, [ENTRY, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, output: () => ({ stdout, stderr }) };
}

function firstLine(child: ChildProcess, ended: Promise<Ended>): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('there was no ready line')), WAIT_MS);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    if (!child.stdout) throw new Error('its standard output is not read');
    createInterface({ input: child.stdout }).once('line', (line) =>
      settle(() => resolve(JSON.parse(line) as Ready)),
    );
    void ended.then(({ code, stderr }) =>
      settle(() => reject(new Error(`it ended with ${code} before it was ready: ${stderr}`))),
    );
  });
}
