// Composes the desktop host in Electron's order: privileges and the single-instance lock before `ready`,
// then core, window, tray and menu; and the way out: the core has closed its store before the process ends.
import { join, resolve } from 'node:path';
import { app, dialog, nativeTheme, session } from 'electron';
import type { Settings } from '#shared/contract.ts';
import type { CoreOptions } from '../core-messages.ts';
import { followCore } from './core-client.ts';
import { type CoreProcess, startCoreProcess } from './core-process.ts';
import { openRpcChannel } from './ipc.ts';
import { setApplicationMenu } from './menu.ts';
import { APP_URL } from './navigation.ts';
import { handleAppScheme, registerAppScheme } from './protocol.ts';
import { confineEveryPage, denyPermissions } from './security.ts';
import { claimSingleInstance } from './single-instance.ts';
import { createTray } from './tray.ts';
import { createMainWindow, type MainWindow } from './window.ts';

/** What lies beside the bundle; see src/main/index.ts. */
export interface ShellFiles {
  coreThread: URL;
  engineThread: URL;
  demoThread: URL;
  preload: string;
  rendererDir: string;
}

/** Requests in flight may finish for the first, everything must be over after the second. */
const STOP_LIMITS = { graceMs: 3_000, deadlineMs: 5_000 };

export function startShell(files: ShellFiles): void {
  const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
  let window: MainWindow | undefined;
  registerAppScheme();
  app.enableSandbox();
  app.setAppUserModelId('dev.sluice.desktop');
  confineEveryPage(devServer);
  if (!claimSingleInstance(() => window?.show())) return;
  app
    .whenReady()
    .then(() => {
      window = openShell(files, devServer);
    })
    .catch((error: unknown) => {
      tellWhy(error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}

function openShell(files: ShellFiles, devServer: string | undefined): MainWindow {
  let quitting = false;
  let settings: Settings = { theme: 'system', closeToTray: true };
  const quit = () => app.quit();

  handleAppScheme(files.rendererDir);
  denyPermissions(session.defaultSession, devServer);
  setApplicationMenu({ platform: process.platform, development: !app.isPackaged, quit });

  const core = startCoreProcess(files.coreThread, coreOptions(files), (state) => {
    if (state.kind === 'running') follow();
    if (state.kind === 'crashed') {
      console.error(`sluice: the core crashed, restarting in ${state.retryInMs} ms: ${state.message}`);
    }
    if (state.kind === 'failed') {
      tellWhy(state.message);
      void core.stop(STOP_LIMITS).then(() => app.exit(1));
    }
  });
  const channel = openRpcChannel(core, devServer);
  const window = createMainWindow({
    preload: files.preload,
    url: devServer ?? APP_URL,
    icon: resource('icon.png'),
    stateFile: join(app.getPath('userData'), 'window.json'),
    onCreated: (opened) => channel.attach(opened),
    keepInTray: () => !quitting && settings.closeToTray,
  });
  const tray = createTray(resource('tray'), { show: window.show, quit });
  const follow = () => {
    followCore(core, {
      onStatus: (status) => tray.update(status),
      onSettings(next) {
        settings = next;
        nativeTheme.themeSource = next.theme;
      },
    });
  };

  app.on('activate', window.show);
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('window-all-closed', quit);
  stopCoreBeforeQuit(core);
  return window;
}

/** Holds the quit until the core has stopped; the windows are closed by then. */
function stopCoreBeforeQuit(core: CoreProcess): void {
  app.on('will-quit', (event) => {
    event.preventDefault();
    void core.stop(STOP_LIMITS).then(() => app.exit(0));
  });
}

/** One sentence for the person; Sluice ends after it. */
function tellWhy(message: string): void {
  dialog.showErrorBox('Sluice cannot start', message);
}

function coreOptions(files: ShellFiles): CoreOptions {
  return {
    dataDir: process.env.SLUICE_DATA_DIR ?? join(app.getPath('userData'), 'data'),
    configFile: configFileOf(process.argv),
    host: 'desktop',
    startDemo: process.argv.includes('--demo'),
    version: app.getVersion(),
    engineThread: files.engineThread.href,
    demoThread: files.demoThread.href,
  };
}

/** `--config FILE` or `--config=FILE`; Chromium's own switches stand beside it, so no full parser fits. */
function configFileOf(argv: readonly string[]): string | null {
  const index = argv.findIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  if (index === -1) return null;
  const value = argv[index]?.split('=').slice(1).join('=') || argv[index + 1];
  return value === undefined ? null : resolve(value);
}

function resource(name: string): string {
  return join(app.getAppPath(), 'resources', name);
}
