// Opens one connection to the core over whatever the host offers: the preload's bridge in the desktop
// app, a WebSocket to the same origin when headless. Adapts it to the rpc Port and does nothing else.
import { CLOSE_UNAUTHORIZED, type ClientPort, type FromCore, type ToCore } from '#shared/rpc/protocol.ts';
import type { SluiceBridge } from '../../../preload/bridge.ts';

declare global {
  interface Window {
    sluice?: SluiceBridge;
  }
}

const TOKEN_KEY = 'sluice-token';

/** `onRefused`: the core does not know this window's token, so trying again is in vain. */
export function openCarrier(onRefused: () => void): ClientPort {
  return window.sluice ? bridgePort(window.sluice) : socketPort(onRefused);
}

/** The bridge outlives every core: a new port over it reaches the core that runs now. */
function bridgePort(bridge: SluiceBridge): ClientPort {
  let open = true;
  let stop: (() => void) | undefined;
  return {
    post(message) {
      if (open) bridge.post(message);
    },
    onMessage(listener) {
      stop = bridge.onMessage(listener);
    },
    onClose() {
      // The bridge lives as long as the page; a core that goes away says `fatal`.
    },
    close() {
      open = false;
      stop?.();
      stop = undefined;
    },
  };
}

function socketPort(onRefused: () => void): ClientPort {
  const url = new URL('/events', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  const waiting: ToCore[] = [];
  let onMessage: ((message: FromCore) => void) | undefined;
  let onClose: (() => void) | undefined;

  socket.addEventListener('open', () => {
    // In a message, not in the URL: URLs end up in logs.
    socket.send(JSON.stringify({ t: 'auth', token: controlToken() }));
    for (const message of waiting.splice(0)) socket.send(JSON.stringify(message));
  });
  socket.addEventListener('message', (event) => {
    const message = parse(event.data);
    if (message) onMessage?.(message);
  });
  socket.addEventListener('close', ({ code }) => {
    if (code === CLOSE_UNAUTHORIZED) onRefused();
    else onClose?.();
  });

  return {
    post(message) {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(message);
      else if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      onMessage = listener;
    },
    onClose(listener) {
      onClose = listener;
    },
    close: () => socket.close(),
  };
}

/** Same program on the other end: the shape is the protocol's, only the encoding can be broken. */
function parse(data: unknown): FromCore | undefined {
  try {
    return typeof data === 'string' ? (JSON.parse(data) as FromCore) : undefined;
  } catch {
    return undefined;
  }
}

/** From the page the core served, or from `#token=…` of a link it printed, which is then taken off the URL. */
export function controlToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="sluice-token"]')?.content;
  if (meta) return meta;
  const fragment = tokenInLink();
  if (fragment) {
    sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(fragment));
    window.history.replaceState(null, '', '#/');
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? '';
}

/** What a printed link carries, also when it is opened in a tab that is here already. */
export function tokenInLink(): string | undefined {
  return /^#token=([^&]+)/.exec(window.location.hash)?.[1];
}
