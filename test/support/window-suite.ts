// What every spec file of the built window begins and ends with: one build and one Chromium for all its
// tests. Called once at the top of a spec file; what it answers opens a window for one test.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './electron/chromium.ts';
import { type BuiltRenderer, buildRenderer } from './renderer-host.ts';
import { openScriptedWindow, type ScriptedWindow, type WindowOptions } from './scripted-window.ts';

type OpenWindow = (at: string, options?: Omit<WindowOptions, 'at'>) => Promise<ScriptedWindow>;

/** Runs in a page that is busy from then on: what it leaves to a timer comes after what a quick hand types. */
export const TIMERS_COME_LATE = `{
  const { setTimeout } = window;
  window.setTimeout = (run, ms = 0, ...rest) => setTimeout(run, ms + 1000, ...rest);
}`;

interface Stage {
  built: BuiltRenderer;
  browser: Browser;
}

/** One build and one Chromium for all tests of a spec file; the answer is called within tests only. */
export function stageOfFile(): () => Stage {
  let stage: Stage;
  beforeAll(async () => {
    const [built, browser] = await Promise.all([buildRenderer(), launchChromium()]);
    stage = { built, browser };
  });
  afterAll(async () => {
    await stage?.browser.close();
    await stage?.built[Symbol.asyncDispose]();
  });
  return () => stage;
}

export function windowSuite(): OpenWindow {
  const stage = stageOfFile();
  return (at, options = {}) => {
    const { browser, built } = stage();
    return openScriptedWindow(browser, built, { at, ...options });
  };
}
