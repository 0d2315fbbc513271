// The composition root: opens the store, starts engine and health checker, wires them by hand and
// serves the contract to whoever connects. Knows no host: the desktop shell runs it in a worker
// thread, headless runs it directly, tests run it in their own process.

import { randomBytes } from 'node:crypto';
import { formatAddress } from '#shared/config/primitives.ts';
import type { Author, OperationInput, OperationName, OperationOutput, SystemInfo } from '#shared/contract.ts';
import { AppError, type Result } from '#shared/errors.ts';
import type { Transition } from '#shared/history.ts';
import type { CorePort } from '#shared/rpc/protocol.ts';
import { type Caller, dispatch, type Service, serve } from '#shared/rpc/serve.ts';
import { createConfigFile } from './app/config-file.ts';
import { createConfiguration } from './app/configuration.ts';
import { createConnections } from './app/connections.ts';
import { createDemo } from './app/demo/demo.ts';
import { createDrains } from './app/drains.ts';
import { createEngineLink } from './app/engine-link.ts';
import { createEventHub } from './app/events.ts';
import { createFaultLog } from './app/faults.ts';
import { createHealthLink } from './app/health-link.ts';
import { createLive } from './app/live.ts';
import type { Log } from './app/log.ts';
import { createHandlers } from './app/operations.ts';
import { createCounterPages } from './app/pages.ts';
import { createRecorder } from './app/recorder.ts';
import { createRequestHistory } from './app/request-history.ts';
import { createSettings } from './app/settings.ts';
import { projectStatus } from './app/status.ts';
import { createSystemMeter } from './app/system.ts';
import { createTlsMaterial } from './app/tls-material.ts';
import { canShareAddresses, workersNotice } from './app/workers.ts';
import type { CoreOptions } from './core-messages.ts';
import type { ListenerReport } from './engine/messages.ts';
import { createSlotTable } from './engine/slots.ts';
import { COUNTER } from './engine/telemetry/layout.ts';
import { createReader } from './engine/telemetry/reader.ts';
import { systemMonitorClock } from './health/run-probe.ts';
import { acquireLock } from './store/lock.ts';
import { openStore } from './store/open.ts';

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
  const undo: (() => unknown)[] = [];
  try {
    return await openCore(options, log, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

/** `undo` gets a step for each part that would keep the process or the folder busy. */
async function openCore(options: CoreOptions, log: Log, undo: (() => unknown)[]): Promise<Core> {
  const startedAt = Date.now();
  const now = () => Date.now();
  const lock = acquireLock(options.dataDir, { pid: process.pid, host: options.host, startedAt });
  if (!lock.ok) throw new Error(lock.message);
  undo.push(lock.release);
  const store = openStore(options.dataDir, { now });
  undo.push(store.close);
  if (store.notice) log.warn(store.notice);
  const { db } = store;

  const info: SystemInfo = {
    version: options.version,
    host: options.host,
    platform: process.platform,
    dataDir: options.dataDir,
    configFile: options.configFile,
    startedAt,
  };
  const slots = createSlotTable();
  const pages = createCounterPages();
  const reader = createReader();
  const recorder = createRecorder(db, now);
  const requests = createRequestHistory();
  let listeners: ReadonlyMap<string, ListenerReport> = new Map();
  let appliedRevision = 0;
  let engineWorkers = 0;
  let configNotice: string | null = null;

  const faults = createFaultLog({
    now,
    log,
    onFault: (fault) => events.emit({ type: 'fault', value: fault }),
  });
  const engine = createEngineLink({
    entry: options.engineThread,
    pages,
    shares: canShareAddresses(process.platform),
    onChange(revision, reports) {
      appliedRevision = revision;
      for (const { name, state, error } of reports) {
        if (state === 'failed' && listeners.get(name)?.error !== error) log.warn(error);
      }
      listeners = new Map(reports.map((report) => [report.name, report]));
      live.changed();
      if (engine.workers() === engineWorkers) return;
      engineWorkers = engine.workers();
      events.emit({ type: 'system', value: meter.latest() });
    },
    onReport(report) {
      if (report.type === 'requests') requests.add(report.records, report.dropped);
      else faults.add(report);
    },
    onDied: (name, reason) => log.error(`${name} ended and is started again: ${reason}`),
  });

  undo.push(() => engine.stop(0));

  const tls = createTlsMaterial({
    dataDir: options.dataDir,
    now,
    onChange: () => void configuration.deploy().catch((error: unknown) => log.error(error)),
    onNotice: (notice) => log.warn(notice),
  });
  const health = createHealthLink({
    poolTls: tls.poolTls,
    clock: systemMonitorClock,
    random: Math.random,
    onResult: (checked) => recorder.check(checked),
    onTransition(transition: Transition) {
      recorder.transition(transition);
      events.emit({ type: 'transition', value: transition });
      live.changed();
    },
    onUsable(pool, backend, usable) {
      engine.setHealth([{ slot: slots.backendSlot(pool, backend), usable }]);
    },
  });

  undo.push(() => health.stop());

  const counted = (pool: string, backend: string, counter: number) =>
    pages.counters(slots.backendSlot(pool, backend))[counter] ?? 0;
  const drains = createDrains({
    now,
    inFlight: (pool, backend) => counted(pool, backend, COUNTER.inFlight),
    closed: (pool, backend) => counted(pool, backend, COUNTER.closed),
  });
  const configuration = createConfiguration({
    db,
    now,
    instance: randomBytes(4).toString('hex'),
    engine,
    health,
    slots,
    drains,
    tls,
    onRevision: (revision) => events.emit({ type: 'revision', value: revision }),
    retire: (checked) => recorder.retire(checked),
  });
  const settings = createSettings(db, (value) => events.emit({ type: 'settings', value }));
  const demo = createDemo({
    entry: options.demoThread,
    configuration,
    addressOf(name) {
      const report = listeners.get(name);
      return report?.state === 'listening' ? formatAddress(report.host, report.port) : undefined;
    },
    onChange: () => events.emit({ type: 'system', value: meter.latest() }),
  });
  const meter = createSystemMeter(
    {
      engineWorkers: () => engine.workers(),
      engineNotice: () => workersNotice(configuration.current().config.engine.workers, process.platform),
      historyBytes: () => store.sizeBytes(),
      storeNotice: () => recorder.notice() ?? store.notice,
      configNotice: () => configNotice,
      demoRunning: () => demo.running(),
    },
    startedAt,
  );
  const project = (at: number) =>
    projectStatus(
      {
        configuration,
        health,
        drains,
        slots,
        reader,
        counters: pages.counters,
        listeners,
        appliedRevision,
        startedAt,
      },
      at,
    );
  const events = createEventHub(() => ({
    status: project(now()),
    system: meter.latest(),
    settings: settings.get(),
    info,
  }));
  const live = createLive({
    now,
    configuration,
    slots,
    reader,
    pages: pages.all,
    events,
    project,
    record: (atS, rows) => recorder.second(atS, rows),
  });
  const file = options.configFile
    ? createConfigFile({
        db,
        path: options.configFile,
        now,
        configuration,
        onImport: (revision) => log.info(`r${revision} runs, imported from ${options.configFile}`),
        onNotice(notice) {
          configNotice = notice;
          if (notice) log.warn(notice);
          events.emit({ type: 'system', value: meter.latest() });
        },
      })
    : undefined;
  const service: Service = {
    handlers: createHandlers({
      db,
      now,
      configuration,
      live,
      connections: createConnections({ configuration, engine, slots }),
      requests,
      settings,
      tls,
      demo,
      info,
      system: () => meter.latest(),
    }),
    events,
    onBug: (operation, error) => log.error(error, `operation ${operation} failed unexpectedly`),
  };

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
  const systemTimer = setInterval(
    () => events.emit({ type: 'system', value: meter.measure(now()) }),
    SYSTEM_EVERY_MS,
  );
  /** What ends each client's service. */
  const clients = new Set<() => void>();
  let stopped: Promise<void> | undefined;

  return {
    info,
    connect(port, author) {
      if (stopped) return port.close();
      const end = serve(port, service, { author }, () => clients.delete(end));
      clients.add(end);
    },
    call: (operation, input, caller) => dispatch(service, operation, input, caller),
    async query<K extends OperationName>(operation: K, input: OperationInput<K>) {
      const result = await dispatch(service, operation, input, { author: 'system' });
      if (!result.ok) throw new AppError(result.error.code, result.error.message, result.error.issues);
      return result.value as OperationOutput<K>;
    },
    probed: (maxMs) => health.settled(maxMs),
    stop(graceMs) {
      stopped ??= (async () => {
        clearInterval(systemTimer);
        file?.close();
        for (const end of clients) end();
        tls.close();
        await Promise.all([health.stop(), demo.close(), engine.stop(graceMs)]);
        live.stop();
        recorder.flush();
        store.close();
        lock.release();
      })();
      return stopped;
    },
  };
}
