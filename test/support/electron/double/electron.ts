// The module that stands in for `electron` in the app process. A name that is missing here fails when the
// bundle is linked, one that is missing inside an object throws when it is read.
import type * as Electron from 'electron';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { dialog, Menu, nativeImage, nativeTheme, screen, shell, Tray } from './desktop.ts';
import { ipcMain, protocol, session } from './ipc-session.ts';

const modelled = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  Tray,
} satisfies Partial<Record<keyof typeof Electron, object>>;

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  Tray,
};
export default modelled;
