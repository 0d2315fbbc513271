// Speaks the rpc wire from inside a desktop page through the bridge the preload put there, without our
// renderer's own client: the messages tests need to see are the raw ones.
import type { Page } from 'playwright-core';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';

interface BridgeWindow {
  sluice: { post(message: ToCore): void; onMessage(listener: (message: FromCore) => void): () => void };
}

/** Ids far above those of the page's own client, whose answers pass by on the same bridge. */
let nextId = 1_000_000;

/** Posts a call and gives its result, or the `fatal` that came instead. */
export function callFromPage(page: Page, op: string, input: unknown = {}): Promise<FromCore> {
  return page.evaluate(
    ([id, operation, value]) =>
      new Promise<FromCore>((resolve) => {
        const { sluice } = globalThis as unknown as BridgeWindow;
        const stop = sluice.onMessage((message) => {
          if (message.t === 'fatal' || (message.t === 'result' && message.id === id)) {
            stop();
            resolve(message);
          }
        });
        sluice.post({ t: 'call', id, op: operation, input: value });
      }),
    [nextId++, op, input] as const,
  );
}

/** Waits for the next message of a kind that arrives at the page, whoever it is for. */
export function nextMessage(page: Page, kind: FromCore['t']): Promise<FromCore> {
  return page.evaluate(
    (wanted) =>
      new Promise<FromCore>((resolve) => {
        const { sluice } = globalThis as unknown as BridgeWindow;
        const stop = sluice.onMessage((message) => {
          if (message.t !== wanted) return;
          stop();
          resolve(message);
        });
      }),
    kind,
  );
}
