// The main window: its confined options, its remembered place, and hiding to the tray instead of closing.
// Made once by start.ts; a closed window is made again when it is asked for.
import { readFileSync, writeFileSync } from 'node:fs';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import {
  MIN_HEIGHT,
  MIN_WIDTH,
  type Placement,
  parseWindowState,
  placeWindow,
  type WindowState,
} from './window-bounds.ts';

export interface MainWindow {
  /** Makes it visible and focused, whatever it was before. */
  show(): void;
}

export interface MainWindowOptions {
  preload: string;
  url: string;
  icon: string;
  /** Where the place is remembered. */
  stateFile: string;
  onCreated(window: BrowserWindow): void;
  /** Whether closing only hides; asked each time. */
  keepInTray(): boolean;
}

/** The page's own backgrounds, so that opening and resizing do not flash. */
const BACKGROUND = { dark: '#0d1117', light: '#f6f8fa' };

export function createMainWindow(options: MainWindowOptions): MainWindow {
  let window: BrowserWindow | undefined;

  const open = (): BrowserWindow => {
    const place = placeWindow(readState(options.stateFile), workAreas());
    const opened = new BrowserWindow(windowOptions(options, place));
    window = opened;
    if (place.maximized) opened.maximize();
    options.onCreated(opened);
    opened.once('ready-to-show', () => opened.show());
    opened.on('close', (event) => {
      saveState(options.stateFile, opened);
      if (!options.keepInTray()) return;
      event.preventDefault();
      hide(opened);
    });
    opened.on('closed', () => {
      window = undefined;
    });
    reloadAfterCrash(opened);
    opened
      .loadURL(options.url)
      .catch((error: unknown) => console.error('sluice: the window could not load', error));
    return opened;
  };

  open();

  return {
    show() {
      const shown = window ?? open();
      if (shown.isMinimized()) shown.restore();
      shown.show();
      shown.focus();
    },
  };
}

function windowOptions(
  options: MainWindowOptions,
  place: Placement,
): Electron.BrowserWindowConstructorOptions {
  const { maximized: _maximized, ...bounds } = place;
  return {
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: 'Sluice',
    icon: options.icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}

function hide(window: BrowserWindow): void {
  // macOS leaves a black screen behind when a full-screen window is hidden.
  if (process.platform === 'darwin' && window.isFullScreen()) {
    window.once('leave-full-screen', () => window.hide());
    window.setFullScreen(false);
  } else {
    window.hide();
  }
}

function reloadAfterCrash(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    console.error(`sluice: the window's page ended (${details.reason}); loading it again`);
    if (!window.isDestroyed()) window.webContents.reload();
  });
}

function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

function readState(file: string): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

// Synchronous, because on quit nothing waits for an unfinished write; it is some hundred bytes, once per close.
function saveState(file: string, window: BrowserWindow): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch (error) {
    console.warn('sluice: the window place could not be saved', error);
  }
}
