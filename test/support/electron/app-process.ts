// The process that runs the shipping main bundle on the Electron double, seen from the test: starting it,
// asking it things, everything it did and printed, and waiting for more. launch.ts adds the windows.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Call, DoubleSetup, FromApp, Question, ToApp } from './wire.ts';

/** What the app wants of its windows; the rest of the wire is handled here. */
export type WindowMessage = Exclude<FromApp, { type: 'reply' } | { type: 'call' }>;

export interface AppProcess {
  calls: readonly Call[];
  output(): string;
  /** Adds a line of the harness itself to the output. */
  note(line: string): void;
  post(message: ToApp): void;
  ask(question: Question): Promise<unknown>;
  /** Waits until `look` finds something; it is asked again after everything the app does. */
  until<T>(what: string, look: () => T | undefined): Promise<T>;
  exited: Promise<number | null>;
  /** Lets the app quit, then insists. */
  end(): Promise<void>;
}

const QUIT_DEADLINE_MS = 8_000;
const WAIT_DEADLINE_MS = 20_000;

export function startApp(
  setup: DoubleSetup,
  env: Record<string, string>,
  onWindow: (message: WindowMessage) => void,
): AppProcess {
  const child = fork(fileURLToPath(new URL('./boot.ts', import.meta.url)), [], {
    cwd: setup.appPath,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Without the runner's own flags and variables, which would change how the app's threads start.
    execArgv: [],
    env: { ...plainEnvironment(), ...env, ELECTRON_DOUBLE: JSON.stringify(setup) },
  });
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const replies = new Map<number, (result: Extract<FromApp, { type: 'reply' }>['result']) => void>();
  let output = '';
  let nextId = 1;
  let ended = false;

  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const note = (text: string) => {
    output += text;
    changed();
  };
  const post = (message: ToApp) => {
    // It may end between the check and the write; `exited` tells that, not this.
    if (child.connected) child.send(message, () => {});
  };
  const explain = (message: string) => new Error(`${message}\n--- output of the app ---\n${output}`);

  child.stdout?.setEncoding('utf8').on('data', note);
  child.stderr?.setEncoding('utf8').on('data', note);
  child.on('message', (raw) => {
    const message = raw as FromApp;
    if (message.type === 'call') {
      calls.push(message.call);
    } else if (message.type === 'reply') {
      replies.get(message.id)?.(message.result);
      replies.delete(message.id);
    } else {
      onWindow(message);
    }
    changed();
  });
  const exited = new Promise<number | null>((settle) => {
    child.once('close', (code) => {
      ended = true;
      for (const reply of replies.values()) reply({ ok: false, error: 'the app has ended' });
      replies.clear();
      changed();
      settle(code);
    });
  });

  const app: AppProcess = {
    calls,
    output: () => output,
    note: (line) => note(`${line}\n`),
    post,
    exited,
    ask(question) {
      const id = nextId++;
      const reply = new Promise<unknown>((settle, reject) => {
        if (ended || !child.connected) return reject(new Error('the app has ended'));
        replies.set(id, (result) => (result.ok ? settle(result.value) : reject(new Error(result.error))));
        post({ type: 'question', id, ...question });
      });
      // Who asked may have stopped waiting when the app ends; who still waits sees the rejection.
      reply.catch(() => undefined);
      return reply;
    },
    until: (what, look) =>
      new Promise((settle, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(deadline);
          watchers.delete(check);
          act();
        };
        const check = () => {
          const found = look();
          if (found !== undefined) finish(() => settle(found));
          else if (ended) finish(() => reject(explain(`${what} did not happen before the app ended`)));
        };
        const deadline = setTimeout(
          () => finish(() => reject(explain(`${what} did not happen in time`))),
          WAIT_DEADLINE_MS,
        );
        watchers.add(check);
        check();
      }),
    end: () => endProcess(app, child, exited),
  };
  return app;
}

async function endProcess(
  app: AppProcess,
  child: ChildProcess,
  exited: Promise<number | null>,
): Promise<void> {
  app.ask({ ask: 'control', name: 'quit', args: [] }).catch(() => {});
  const deadline = setTimeout(() => child.kill('SIGKILL'), QUIT_DEADLINE_MS);
  await exited;
  clearTimeout(deadline);
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const {
    NODE_OPTIONS: _options,
    VITEST: _vitest,
    NODE_ENV: _env,
    SLUICE_DATA_DIR: _data,
    ...rest
  } = process.env;
  return rest;
}
