// The shell's own client of the core: follows status and settings for the tray and the window's habits,
// and connects again whenever a core is running. Called by start.ts.
import type { Settings } from '#shared/contract.ts';
import { connect } from '#shared/rpc/connect.ts';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';
import type { Status } from '#shared/status.ts';
import { messagePort } from '../transport/message-port.ts';
import type { CoreProcess } from './core-process.ts';

export interface CoreWatcher {
  onStatus(status: Status | undefined): void;
  onSettings(settings: Settings): void;
}

/** Follows the core that runs now; called each time one becomes ready. Its end is reported as no status. */
export function followCore(core: CoreProcess, watcher: CoreWatcher): void {
  const port = core.connect('tray');
  if (port === undefined) return;
  const client = connect(messagePort<ToCore, FromCore>(port));
  client.onLost(() => watcher.onStatus(undefined));
  client.subscribe({
    onSnapshot(snapshot) {
      watcher.onSettings(snapshot.settings);
      watcher.onStatus(snapshot.status);
    },
    onEvent(event) {
      if (event.type === 'status') watcher.onStatus(event.value);
      if (event.type === 'settings') watcher.onSettings(event.value);
    },
  });
}
