// The application menu: what each platform expects (macOS needs it for copy and paste to work at all) and
// nothing of the product, which has its own palette. Called by start.ts once ready.
import { Menu, type MenuItemConstructorOptions } from 'electron';

export function setApplicationMenu(options: { platform: string; development: boolean; quit(): void }): void {
  const mac = options.platform === 'darwin';
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ];
  if (options.development)
    view.unshift({ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      mac
        ? { role: 'appMenu' }
        : {
            label: '&File',
            submenu: [
              { label: '&Close window', role: 'close' },
              { label: '&Quit Sluice', accelerator: 'Ctrl+Q', click: options.quit },
            ],
          },
      { role: 'editMenu' },
      { label: '&View', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
}
