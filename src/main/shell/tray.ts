// The tray icon: worst state by shape and colour, a line per pool, Show and Quit. It redraws only what
// changed, since setting a menu closes an open one. On Linux the desktop decides whether a click reaches
// us, so the menu holds everything. Fed by start.ts.
import { join } from 'node:path';
import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { Status } from '#shared/status.ts';
import { summarizeForTray, type TrayState, type TraySummary } from './tray-summary.ts';

export interface SluiceTray {
  /** undefined while no core answers. */
  update(status: Status | undefined): void;
}

export function createTray(artDir: string, actions: { show(): void; quit(): void }): SluiceTray {
  let shown = summarizeForTray(undefined);
  const tray = new Tray(trayImage(artDir, shown.state));

  const draw = (summary: TraySummary) => {
    tray.setToolTip(summary.tooltip);
    // Linux copies the menu when it is set; changing its items later would show nothing.
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...summary.lines.map((label) => ({ label, enabled: false })),
        { type: 'separator' },
        { label: 'Show Sluice', click: actions.show },
        { label: 'Quit Sluice', click: actions.quit },
      ]),
    );
  };

  draw(shown);
  // macOS opens the menu on a click by itself.
  if (process.platform !== 'darwin') tray.on('click', actions.show);

  return {
    update(status) {
      const next = summarizeForTray(status);
      if (next.state !== shown.state) tray.setImage(trayImage(artDir, next.state));
      const changed = next.tooltip !== shown.tooltip || next.lines.join('\n') !== shown.lines.join('\n');
      shown = next;
      if (changed) draw(next);
    },
  };
}

/** macOS tints template images itself, so there the shape alone tells the state. */
function trayImage(artDir: string, state: TrayState): NativeImage {
  const name = process.platform === 'darwin' ? `${state}Template.png` : `${state}.png`;
  return nativeImage.createFromPath(join(artDir, name));
}
