// What touches the desktop: tray, menus, images, dialogs, links, screens and the theme. Nothing is drawn;
// everything is recorded and can be clicked through the controls.
import { existsSync, readFileSync } from 'node:fs';
import type { Dialog, Display, MenuItemConstructorOptions, NativeTheme, Rectangle, Shell } from 'electron';
import { requireReady } from './app.ts';
import { record, send, strict } from './link.ts';

class MenuDouble {
  readonly items: readonly MenuItemConstructorOptions[];

  constructor(items: readonly MenuItemConstructorOptions[]) {
    this.items = items;
  }
}

export const Menu = strict('Menu', {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => new MenuDouble(template),
  setApplicationMenu(menu: MenuDouble | null) {
    desktop.applicationMenu = menu ?? undefined;
    record('Menu.setApplicationMenu', labels(menu));
  },
});

function labels(menu: MenuDouble | null | undefined): string[] {
  return (menu?.items ?? []).map((item) => item.label ?? item.role ?? item.type ?? '');
}

interface ImageDouble {
  path: string;
  isEmpty(): boolean;
}

const PNG_SIGNATURE = '89504e470d0a1a0a';

export const nativeImage = strict('nativeImage', {
  createFromPath(path: string): ImageDouble {
    const empty = !existsSync(path) || readFileSync(path).subarray(0, 8).toString('hex') !== PNG_SIGNATURE;
    return strict('NativeImage', { path, isEmpty: () => empty });
  },
});

interface TrayState {
  image: string;
  tooltip: string;
  menu: MenuDouble | undefined;
  onClick: (() => void) | undefined;
}

/** What the controls read and click. */
export const desktop: { tray: TrayState | undefined; applicationMenu: MenuDouble | undefined } = {
  tray: undefined,
  applicationMenu: undefined,
};

function imagePath(image: ImageDouble): string {
  if (image.isEmpty()) throw new Error(`electron double: the tray image ${image.path} is empty`);
  return image.path;
}

function makeTray(image: ImageDouble): object {
  requireReady('Cannot create Tray before app is ready');
  const state: TrayState = { image: imagePath(image), tooltip: '', menu: undefined, onClick: undefined };
  desktop.tray = state;
  const api = strict('Tray', {
    setImage(next: ImageDouble) {
      state.image = imagePath(next);
      record('Tray.setImage', state.image);
    },
    setToolTip(text: string) {
      state.tooltip = text;
      record('Tray.setToolTip', text);
    },
    setContextMenu(menu: MenuDouble) {
      state.menu = menu;
      record('Tray.setContextMenu', labels(menu));
    },
    on(name: string, listener: () => void) {
      if (name !== 'click') throw new Error(`electron double: the tray event '${name}' is not modelled`);
      state.onClick = listener;
      return api;
    },
  });
  record('Tray', state.image);
  return api;
}

export const Tray = strict('Tray', function Tray(image: ImageDouble) {
  return makeTray(image);
} as unknown as { new (image: ImageDouble): object });

export const dialog = strict('dialog', {
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', title, content),
} satisfies Partial<Dialog>);

export const shell = strict('shell', {
  async openExternal(url: string) {
    record('shell.openExternal', url);
  },
} satisfies Partial<Shell>);

const AREA: Rectangle = { x: 0, y: 0, width: 1920, height: 1040 };

export const screen = strict('screen', {
  getPrimaryDisplay: () => display(1),
  getAllDisplays: () => [display(1)],
});

function display(id: number): Pick<Display, 'id' | 'workArea'> {
  requireReady("The 'screen' module can't be used before the app 'ready' event");
  return strict('Display', { id, workArea: { ...AREA } });
}

let themeSource: NativeTheme['themeSource'] = 'system';

export const nativeTheme = strict('nativeTheme', {
  get shouldUseDarkColors() {
    return themeSource === 'dark';
  },
  get themeSource() {
    return themeSource;
  },
  set themeSource(source: NativeTheme['themeSource']) {
    themeSource = source;
    record('nativeTheme.themeSource', source);
    send({ type: 'theme', source });
  },
});
