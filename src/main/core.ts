// The core as its hosts see it: opens the data folder, has its parts made, starts them, serves the contract
// to whoever connects, and ends them in the order that loses nothing. Knows no host: the desktop shell runs
// it in a worker thread, headless runs it directly, tests run it in their own process.

import type { Author, OperationInput, OperationName, OperationOutput, SystemInfo } from '#shared/contract.ts';
import { AppError, type Result } from '#shared/errors.ts';
import type { CorePort } from '#shared/rpc/protocol.ts';
import { type Caller, dispatch, type Service, serve } from '#shared/rpc/serve.ts';
import type { Log } from './app/log.ts';
import type { CoreOptions } from './core-messages.ts';
import { createParts, type Ground, type Parts, type Undo } from './core-parts.ts';
import { acquireLock } from './store/lock.ts';
import { openStore, type Store } from './store/open.ts';

export interface Core {
  info: SystemInfo;
  /** Serves a client until its port closes. */
  connect(port: CorePort, author: Author): void;
  /** One operation without a port: the HTTP API's way in. */
  call(operation: string, input: unknown, caller: Caller): Promise<Result<unknown>>;
  /** What the host itself wants to know. Throws an AppError when it is refused. */
  query<K extends OperationName>(operation: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
  /** Every backend has had its first probe, or `maxMs` have passed: traffic will not meet a cold pool. */
  probed(maxMs: number): Promise<void>;
  stop(graceMs: number): Promise<void>;
}

const SYSTEM_EVERY_MS = 2000;

/** Throws a plain Error with a sentence for the person when the core cannot run at all; nothing of it is left then. */
export async function startCore(options: CoreOptions, log: Log): Promise<Core> {
  const undo: Undo = [];
  try {
    return await openCore(options, log, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

async function openCore(options: CoreOptions, log: Log, undo: Undo): Promise<Core> {
  const now = () => Date.now();
  const info = systemInfo(options, now());
  const { store, release } = openFolder(info, now, undo);
  if (store.notice) log.warn(store.notice);
  const ground: Ground = { options, log, now, info, store, undo };
  const parts = createParts(ground);
  await bringUp(ground, parts);
  const systemTimer = startMeasuring(ground, parts);
  const clients = createClients(parts.service);
  let stopped: Promise<void> | undefined;

  return {
    info,
    connect: clients.connect,
    call: (operation, input, caller) => dispatch(parts.service, operation, input, caller),
    query: (operation, input) => query(parts.service, operation, input),
    probed: (maxMs) => parts.health.settled(maxMs),
    stop(graceMs) {
      stopped ??= (async () => {
        clearInterval(systemTimer);
        parts.file?.close();
        clients.close();
        await bringDown(parts, graceMs);
        store.close();
        release();
      })();
      return stopped;
    },
  };
}

function systemInfo({ version, host, dataDir, configFile }: CoreOptions, startedAt: number): SystemInfo {
  return { version, host, platform: process.platform, dataDir, configFile, startedAt };
}

function openFolder(
  { dataDir, host, startedAt }: SystemInfo,
  now: () => number,
  undo: Undo,
): { store: Store; release(): void } {
  const lock = acquireLock(dataDir, { pid: process.pid, host, startedAt });
  if (!lock.ok) throw new Error(lock.message);
  undo.push(lock.release);
  const store = openStore(dataDir, { now });
  undo.push(store.close);
  return { store, release: lock.release };
}

/** From the Config saved last to traffic; then what a file or the demo adds to it. */
async function bringUp({ options, log, undo }: Ground, parts: Parts): Promise<void> {
  const { configuration, file, demo, live } = parts;
  undo.push(
    () => file?.close(),
    () => demo.close(),
  );
  await configuration.deploy();
  // Watched first: what is written while it is being imported must not be missed.
  file?.watch();
  await file?.load();
  await (options.startDemo ? demo.start('demo') : demo.resume()).catch((error: unknown) =>
    log.warn(error, 'the demo could not be started'),
  );
  live.start();
}

/** The second under way is stored after the last request has ended. */
async function bringDown(parts: Parts, graceMs: number): Promise<void> {
  const { tls, health, demo, engine, live, recorder } = parts;
  tls.close();
  await Promise.all([health.stop(), demo.close(), engine.stop(graceMs)]);
  live.stop();
  recorder.flush();
}

function startMeasuring({ now }: Ground, { events, meter }: Parts): NodeJS.Timeout {
  return setInterval(() => events.emit({ type: 'system', value: meter.measure(now()) }), SYSTEM_EVERY_MS);
}

interface Clients {
  connect(port: CorePort, author: Author): void;
  /** Ends those there are and refuses whoever comes later. */
  close(): void;
}

function createClients(service: Service): Clients {
  /** What ends each client's service. */
  const ends = new Set<() => void>();
  let closed = false;
  return {
    connect(port, author) {
      if (closed) return port.close();
      const end = serve(port, service, { author }, () => ends.delete(end));
      ends.add(end);
    },
    close() {
      closed = true;
      for (const end of ends) end();
    },
  };
}

async function query<K extends OperationName>(
  service: Service,
  operation: K,
  input: OperationInput<K>,
): Promise<OperationOutput<K>> {
  const result = await dispatch(service, operation, input, { author: 'system' });
  if (!result.ok) throw new AppError(result.error.code, result.error.message, result.error.issues);
  return result.value as OperationOutput<K>;
}
