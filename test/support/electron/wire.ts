// What the test process (which owns Chromium) and the app process (which runs the shipping main bundle on
// the Electron double) say to each other over a child process's IPC channel.

/** How the app process is to pretend; passed as JSON in the environment variable ELECTRON_DOUBLE. */
export interface DoubleSetup {
  /** The bundle to run. */
  entry: string;
  appPath: string;
  userData: string;
  version: string;
  packaged: boolean;
  args: string[];
}

/** One observable thing the app did, in order: an API call, or an event Electron emitted. */
export interface Call {
  api: string;
  args: unknown[];
}

export interface FrameFacts {
  url: string;
  isMain: boolean;
}

export interface AssetAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Questions from the test process; each is answered by `reply` with the same id. */
export type Question =
  /** Runs one of `controls` (double/controls.ts). */
  | { ask: 'control'; name: string; args: unknown[] }
  /** The page asks for an address of the app's scheme. */
  | { ask: 'asset'; method: string; url: string }
  /** The page's main frame is about to load another document; answered by whether it may. */
  | { ask: 'navigate'; windowId: number; url: string; byPage: boolean }
  /** The page wants a new window. */
  | { ask: 'open'; windowId: number; url: string };

export type ToApp =
  | ({ type: 'question'; id: number } & Question)
  | { type: 'ipc'; windowId: number; frame: FrameFacts; channel: string; args: unknown[] }
  | { type: 'loaded'; windowId: number; url: string; error: string | undefined };

export type FromApp =
  | { type: 'reply'; id: number; result: { ok: true; value: unknown } | { ok: false; error: string } }
  | { type: 'call'; call: Call }
  | { type: 'window-open'; windowId: number; preload: string; width: number; height: number }
  | { type: 'window-load'; windowId: number; url: string }
  | { type: 'window-reload'; windowId: number }
  | { type: 'window-visible'; windowId: number; visible: boolean }
  | { type: 'window-ipc'; windowId: number; channel: string; args: unknown[] }
  | { type: 'window-closed'; windowId: number }
  | { type: 'theme'; source: 'system' | 'light' | 'dark' };
