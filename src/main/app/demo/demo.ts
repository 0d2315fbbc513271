// Starts and stops the demo: a thread with three backends, a pool and a listener for them in the
// Config. The Config remembers the ports, so a demo that was running when Sluice closed is found
// again as it was. Called by operations.ts; core.ts resumes it at start.
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import { ListenerConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import { formatAddress, parseAddress } from '#shared/config/primitives.ts';
import type { Author } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { Configuration } from '../configuration.ts';
import type { DemoCommand, DemoReport } from './messages.ts';

const DEMO_NAME = 'demo';
const BACKEND_NAMES = ['steady', 'quick', 'moody'];
const WEIGHTS = [60, 30, 10];
const PREFERRED_PORT = 8080;

export interface Demo {
  start(author: Author): Promise<{ pool: string; url: string }>;
  stop(author: Author): Promise<void>;
  /** Starts the backends again when the Config still holds the demo. */
  resume(): Promise<void>;
  running(): boolean;
  /** Ends the thread, leaves the Config. */
  close(): Promise<void>;
}

export interface DemoOptions {
  entry: string;
  configuration: Configuration;
  /** Where the demo listener really listens. */
  addressOf(listener: string): string | undefined;
  onChange(): void;
}

export function createDemo(options: DemoOptions): Demo {
  const { configuration } = options;
  let worker: Worker | undefined;
  /** Where its backends listen, in their order. */
  let ports: number[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  /** One thing after another: two starts at once would launch two threads and lose one. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = turn.then(run);
    turn = done.catch(() => undefined);
    return done;
  }

  async function launch(wanted: number[]): Promise<void> {
    const thread = new Worker(new URL(options.entry), { name: 'sluice-demo' });
    thread.on('exit', () => {
      if (worker === thread) worker = undefined;
      options.onChange();
    });
    try {
      ports = await firstReport(thread, { type: 'listen', ports: wanted });
      worker = thread;
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  }

  function sendTraffic(): string {
    const { config } = configuration.current();
    const address =
      options.addressOf(DEMO_NAME) ?? formatAddress('127.0.0.1', demoListener(config)?.port ?? 0);
    const url = `http://${address}/`;
    worker?.postMessage({ type: 'traffic', url } satisfies DemoCommand);
    options.onChange();
    return url;
  }

  async function end(): Promise<void> {
    const thread = worker;
    worker = undefined;
    await thread?.terminate();
    options.onChange();
  }

  async function start(author: Author): Promise<{ pool: string; url: string }> {
    const { config } = configuration.current();
    if (!worker) await launch(demoPorts(config));
    try {
      const port = demoListener(config)?.port ?? (await freePort(PREFERRED_PORT));
      await configuration.edit(
        (newest) => ({ config: withDemo(newest, ports, port) }),
        author,
        'start the demo',
      );
    } catch (error) {
      await end();
      throw error;
    }
    return { pool: DEMO_NAME, url: sendTraffic() };
  }

  async function resume(): Promise<void> {
    const { config } = configuration.current();
    const wanted = demoPorts(config);
    if (worker || !demoListener(config) || wanted.every((port) => port === 0)) return;
    await launch(wanted);
    sendTraffic();
  }

  return {
    start: (author) => inTurn(() => start(author)),
    stop: (author) =>
      inTurn(async () => {
        await end();
        await configuration.edit((config) => ({ config: withoutDemo(config) }), author, 'stop the demo');
      }),
    resume: () => inTurn(resume),
    running: () => worker !== undefined,
    close: () => inTurn(end),
  };
}

function firstReport(thread: Worker, command: DemoCommand): Promise<number[]> {
  return new Promise((resolve, reject) => {
    thread.once('message', (report: DemoReport) => {
      if (report.type === 'listening') resolve(report.ports);
      else reject(new AppError('unavailable', report.message));
    });
    thread.once('error', (error: Error) =>
      reject(new AppError('unavailable', `the demo ended unexpectedly: ${error.message}`)),
    );
    thread.postMessage(command);
  });
}

function demoListener(config: Config): ListenerConfig | undefined {
  return config.listeners.find((listener) => listener.name === DEMO_NAME);
}

/** Ports the demo backends had, in their order; 0 where there is none yet. */
function demoPorts(config: Config): number[] {
  const backends = config.pools.find((pool) => pool.name === DEMO_NAME)?.backends ?? [];
  return BACKEND_NAMES.map((name) => {
    const address = backends.find((backend) => backend.name === name)?.address;
    return address === undefined ? 0 : (parseAddress(address)?.port ?? 0);
  });
}

/** Adds what is missing; a demo pool the person has edited stays as they left it. */
function withDemo(config: Config, ports: readonly number[], port: number): Config {
  const pools = config.pools.some((pool) => pool.name === DEMO_NAME)
    ? config.pools
    : [...config.pools, demoPool(ports)];
  const listeners = demoListener(config) ? config.listeners : [...config.listeners, demoListenerOn(port)];
  return { ...config, pools, listeners };
}

function demoPool(ports: readonly number[]): PoolConfig {
  return PoolConfig.parse({
    name: DEMO_NAME,
    policy: 'weighted-round-robin',
    healthCheck: {
      type: 'http',
      path: '/health',
      intervalMs: 2000,
      timeoutMs: 1000,
      expectJson: { path: 'status', equals: 'ok' },
    },
    backends: BACKEND_NAMES.map((name, i) =>
      BackendConfig.parse({ name, address: `127.0.0.1:${ports[i]}`, weight: WEIGHTS[i] }),
    ),
  });
}

function demoListenerOn(port: number): ListenerConfig {
  return ListenerConfig.parse({ name: DEMO_NAME, port, routes: [{ name: 'all', pool: DEMO_NAME }] });
}

function withoutDemo(config: Config): Config {
  return {
    ...config,
    listeners: config.listeners.filter((listener) => listener.name !== DEMO_NAME),
    pools: config.pools.filter(
      (pool) =>
        pool.name !== DEMO_NAME ||
        config.listeners.some(
          (listener) =>
            listener.name !== DEMO_NAME && listener.routes.some((route) => route.pool === DEMO_NAME),
        ),
    ),
  };
}

/** The preferred port when nothing listens on it, else any free one. */
function freePort(preferred: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => {
      if (preferred === 0) reject(new AppError('unavailable', 'no free port for the demo listener'));
      else resolve(freePort(0));
    });
    probe.listen(preferred, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
