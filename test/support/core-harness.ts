// A whole core in this process, run from source: real engine thread, real store, real probes. Disposal
// stops it, removes what it wrote and fails the test if the core met a bug on the way.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ConfigInput } from '#shared/config/config.ts';
import type { Author } from '#shared/contract.ts';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';
import type { Log } from '../../src/main/app/log.ts';
import { type Core, startCore } from '../../src/main/core.ts';
import type { CoreOptions } from '../../src/main/core-messages.ts';
import { CoreView } from './core-view.ts';
import { memoryPorts } from './memory-ports.ts';

export interface TestCoreOptions {
  /** Applied once the core runs. */
  config?: ConfigInput;
  /** Path of a config file to import and watch. */
  configFile?: string;
  /** Kept at disposal when given, so that another core can start on it. */
  dataDir?: string;
  engineThread?: string;
  /** Errors in the core's log are part of the test. */
  expectErrors?: boolean;
}

export interface LogLine {
  level: number;
  msg: string;
  err?: { message: string };
}

/** pino's number for `error`. */
const ERROR_LEVEL = 50;

export const CORE_THREAD = new URL('../../src/main/core-thread.ts', import.meta.url);

export function coreOptions(
  dataDir: string,
  rest: { configFile?: string | undefined; engineThread?: string | undefined } = {},
): CoreOptions {
  return {
    dataDir,
    configFile: rest.configFile ?? null,
    host: 'test',
    version: '0.0.0-test',
    engineThread: rest.engineThread ?? new URL('../../src/main/engine/thread.ts', import.meta.url).href,
    demoThread: new URL('../../src/main/app/demo/thread.ts', import.meta.url).href,
  };
}

export interface TestCore extends AsyncDisposable {
  core: Core;
  view: CoreView;
  dataDir: string;
  log: LogLine[];
  /** `http://127.0.0.1:<port>` of a listener, once it accepts. */
  url(listener?: string): Promise<string>;
  /** Another client of the same core. */
  open(author?: Author): Promise<CoreView>;
}

export async function startTestCore(options: TestCoreOptions = {}): Promise<TestCore> {
  const temporary = options.dataDir === undefined ? tempDir() : undefined;
  const dataDir = options.dataDir ?? temporary?.path ?? '';
  const log: LogLine[] = [];
  const core = await startCore(coreOptions(dataDir, options), capture(log));
  const open = (author: Author = 'window') => {
    const [here, there] = memoryPorts<ToCore, FromCore>(structuredClone);
    core.connect(there, author);
    return CoreView.open(here);
  };
  const view = await open();
  const dispose = async () => {
    await core.stop(0);
    temporary?.remove();
    const errors = log.filter((line) => line.level >= ERROR_LEVEL);
    if (errors.length > 0 && !options.expectErrors) {
      throw new Error(`the core logged errors: ${JSON.stringify(errors)}`);
    }
  };
  try {
    if (options.config) await view.call('config.apply', { config: options.config });
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    core,
    view,
    dataDir,
    log,
    open,
    url: async (listener = 'web') => `http://${(await view.untilListening(listener)).address}`,
    [Symbol.asyncDispose]: dispose,
  };
}

export interface TempDir extends Disposable {
  path: string;
  /** Writes a file of that name and returns its path; what is not a string is written as JSON. */
  write(name: string, content: unknown): string;
  remove(): void;
}

export function tempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    remove,
    [Symbol.dispose]: remove,
  };
}

export function capture(lines: LogLine[]): Log {
  return pino({ base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) });
}
