// What the preload puts on `window.sluice`: a carrier for the rpc protocol and three facts, nothing
// else. The page imports this file as a type only.
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';

export interface SluiceBridge {
  post(message: ToCore): void;
  /** Returns a function that stops the listener. */
  onMessage(listener: (message: FromCore) => void): () => void;
  platform: string;
  versions: { electron: string; chrome: string; node: string };
}
