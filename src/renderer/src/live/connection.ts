// Keeps the window connected: opens a carrier, subscribes, feeds the store, and tries again with a
// growing pause when the core is gone, but not with a token it refused. A hidden window unsubscribes, so it costs nothing.
import type { OperationInput, OperationName, OperationOutput } from '#shared/contract.ts';
import type { Result } from '#shared/errors.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { openCarrier, tokenInLink } from './carrier.ts';
import { dispatchLive } from './store.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;
/** A core that does not answer a subscription for this long is treated as gone. */
const SNAPSHOT_TIMEOUT_MS = 5000;
const REFUSED =
  'The token is missing or wrong, as after a restart of Sluice: open the link that it printed last.';

let client: Client | undefined;
/** The token was not accepted: only another one helps. */
let refused = false;
let endEvents: (() => void) | undefined;
let retryMs = FIRST_RETRY_MS;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let snapshotTimer: ReturnType<typeof setTimeout> | undefined;

/** Called once, before the first render. */
export function startConnection(): void {
  document.addEventListener('visibilitychange', followVisibility);
  window.addEventListener('hashchange', followLink);
  open();
}

/** Runs an operation. Never rejects: without a connection it is the `unavailable` error. */
export function call<K extends OperationName>(
  operation: K,
  input: OperationInput<K>,
): Promise<Result<OperationOutput<K>>> {
  if (client) return client.call(operation, input);
  return Promise.resolve({
    ok: false,
    error: { code: 'unavailable', message: refused ? REFUSED : 'Sluice is not connected; it keeps trying' },
  });
}

/** For the banner's button: does not wait for the pause to end. */
export function retryNow(): void {
  if (retryTimer === undefined) return;
  clearTimeout(retryTimer);
  open();
}

function open(): void {
  retryTimer = undefined;
  refused = false;
  const opened = connect(
    openCarrier(() => {
      if (client !== opened) return;
      refused = true;
      giveUp(REFUSED);
    }),
  );
  client = opened;
  opened.onLost((reason) => {
    if (client === opened) giveUp(reason);
  });
  if (!document.hidden) subscribe();
}

function subscribe(): void {
  if (!client || endEvents) return;
  const subscribed = client;
  snapshotTimer = setTimeout(() => {
    if (client === subscribed) giveUp('Sluice does not answer');
  }, SNAPSHOT_TIMEOUT_MS);
  endEvents = subscribed.subscribe({
    onSnapshot(snapshot) {
      clearTimeout(snapshotTimer);
      retryMs = FIRST_RETRY_MS;
      dispatchLive({ type: 'snapshot', snapshot });
    },
    onEvent: (event) => dispatchLive({ type: 'event', event }),
  });
}

function unsubscribe(): void {
  clearTimeout(snapshotTimer);
  endEvents?.();
  endEvents = undefined;
}

function giveUp(reason: string): void {
  const lost = client;
  client = undefined;
  lost?.close();
  unsubscribe();
  dispatchLive({ type: 'lost', reason, retrying: !refused });
  if (refused) return;
  retryTimer = setTimeout(open, retryMs);
  retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
}

/** The printed link opened in this tab changes only the fragment, which loads nothing. */
function followLink(): void {
  if (refused && tokenInLink() !== undefined) open();
}

function followVisibility(): void {
  if (document.hidden) unsubscribe();
  else if (client) subscribe();
  else retryNow();
}
