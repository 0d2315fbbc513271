// One request over HTTP/1.1 on the connection it is given: what came back, as far as it came. Called by
// probe-http.ts, which judges it.
import type { Socket } from 'node:net';
import { Client } from 'undici';
import { type Answered, collectAnswer, type ProbeRequest } from './converse.ts';

export function converseHttp1(
  socket: Socket,
  { method, path, headers }: ProbeRequest,
  deadline: AbortSignal,
): Promise<Answered> {
  const client = clientOn(socket);
  const answer = collectAnswer(deadline, () => {
    void client.destroy();
    socket.destroy();
  });
  if (deadline.aborted) return answer.answered;

  // `reset` announces `connection: close`: a probe must prove that new connections are served.
  const request = { method, path, headers: { ...headers }, body: null, reset: true };
  client.dispatch(request, {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      // Interim answers (1xx) announce the real one.
      if (statusCode >= 200) answer.status = statusCode;
    },
    onResponseData: (_controller, chunk) => answer.addBody(chunk),
    onResponseEnd: () => answer.end(undefined),
    onResponseError: (_controller, error) => answer.end(error),
  });
  return answer.answered;
}

/** A client for the one connection it is given: asked for another, it fails the request instead of redialling. */
function clientOn(socket: Socket): Client {
  let given = false;
  return new Client('http://probe.invalid', {
    connect(_options, callback) {
      const usable = !given && !socket.destroyed;
      given = true;
      // Not before this call returns: undici ignores a connection that it is handed while asking.
      queueMicrotask(() => (usable ? callback(null, socket) : callback(new ConnectionGone(), null)));
    },
    // The probe's own deadline covers everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}

class ConnectionGone extends Error {
  readonly code = 'UND_ERR_SOCKET';
}
