// A response nobody wants, because its request went to another backend: read to its end if that is
// near, so that its connection can be kept. Called by exchange.ts.
import type { Upstream, UpstreamOwner } from '../upstream.ts';

const MAX_BYTES = 65_536;
const PATIENCE_MS = 1000;

/** Call before the body of the response has been read: from `upstreamHead`. */
export function discardResponse(upstream: Upstream): void {
  let bytes = 0;
  const owner: UpstreamOwner = {
    upstreamReady: ignore,
    upstreamInterim: ignore,
    upstreamHead: ignore,
    upstreamData(piece) {
      bytes += piece.length;
      if (bytes > MAX_BYTES) upstream.destroy();
    },
    holdsBytes: () => false,
    upstreamReadDone: ignore,
    upstreamTrailers: ignore,
    upstreamComplete: () => upstream.release(),
    upstreamSwitched: () => upstream.destroy(),
    upstreamDrained: ignore,
    upstreamFailed: ignore,
  };
  upstream.handOver(owner);
  upstream.armTimer(PATIENCE_MS);
}

function ignore(): void {}
