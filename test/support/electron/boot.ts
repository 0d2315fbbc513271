// Main module of the app process: makes Node look like Electron's main process, runs the shipping bundle,
// then lets the double become ready. Started by launch.ts with ELECTRON_DOUBLE set.
import './register.ts';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Transferable } from 'node:worker_threads';
import { entryEvaluated, openWindows, setup } from './double/app.ts';
import { windowOf } from './double/browser-window.ts';
import { controls, threads } from './double/controls.ts';
import { deliverIpc, requestAsset } from './double/ipc-session.ts';
import { onMessage, record, send } from './double/link.ts';
import type { Question } from './wire.ts';

Object.defineProperty(process.versions, 'electron', { value: '45.4.1', enumerable: true });
Object.defineProperty(process, 'type', { value: 'browser' });
process.argv = [process.execPath, setup.appPath, ...setup.args];
delete process.env.ELECTRON_DOUBLE;
keepThreads();

onMessage((message) => {
  if (message.type === 'question') {
    void answer(message.id, message);
  } else if (!openWindows.has(message.windowId)) {
    // The window closed while its page was still talking.
  } else if (message.type === 'ipc') {
    deliverIpc(message.windowId, message.frame, message.channel, message.args);
  } else {
    windowOf(message.windowId).loaded(message.url, message.error);
  }
});
// A test that died must not leave its app behind.
process.on('disconnect', () => process.exit(1));

await import(pathToFileURL(setup.entry).href);
entryEvaluated();

async function answer(id: number, question: Question): Promise<void> {
  try {
    const value = await run(question);
    send({ type: 'reply', id, result: { ok: true, value } });
  } catch (error) {
    send({
      type: 'reply',
      id,
      result: { ok: false, error: error instanceof Error ? error.message : String(error) },
    });
  }
}

function run(question: Question): unknown {
  switch (question.ask) {
    case 'control': {
      const control = (controls as Record<string, (...args: unknown[]) => unknown>)[question.name];
      if (control === undefined) throw new Error(`there is no control "${question.name}"`);
      return control(...question.args);
    }
    case 'asset':
      return requestAsset(question.method, question.url);
    case 'navigate':
      return navigate(question.windowId, question.url, question.byPage);
    case 'open':
      return windowOf(question.windowId).contents.open(question.url);
  }
}

/** Electron's order: the app may refuse what the page wants, then hears that it starts. */
function navigate(windowId: number, url: string, byPage: boolean): boolean {
  const { contents } = windowOf(windowId);
  const facts = { url, isMainFrame: true, isSameDocument: false };
  if (byPage && (contents.emit('will-frame-navigate', facts) || contents.emit('will-navigate', facts, url)))
    return false;
  contents.emit('did-start-navigation', facts, url);
  return true;
}

/** Remembers every worker thread, so that a test can end one, and records what the app tells it. */
function keepThreads(): void {
  const workerThreads = createRequire(import.meta.url)(
    'node:worker_threads',
  ) as typeof import('node:worker_threads');
  const { Worker } = workerThreads;
  workerThreads.Worker = class extends Worker {
    private readonly file: string;

    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      this.file = basename(String(args[0]));
      threads.push({ file: this.file, worker: this });
    }

    override postMessage(message: unknown, transfer?: readonly Transferable[]): void {
      record('Worker.postMessage', this.file, message);
      super.postMessage(message, transfer);
    }
  };
  syncBuiltinESMExports();
}
