// One request over HTTP/2 on the connection it is given, for backends whose pool speaks it: what came
// back, as far as it came. Called by probe-http.ts, which judges it.
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { Answered, ProbeRequest } from './probe-http.ts';

export function converseHttp2(
  socket: Socket,
  request: ProbeRequest,
  maxBodyBytes: number,
  deadline: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status: number | undefined;
    let sizeBytes = 0;
    let session: ClientHttp2Session | undefined;
    // What is wrong with the connection as a whole tells more than what its stream says of it.
    let sessionError: unknown;

    const settle = (error: unknown) => {
      deadline.removeEventListener('abort', giveUp);
      session?.destroy();
      socket.destroy();
      const body = Buffer.concat(chunks).subarray(0, maxBodyBytes);
      resolve({ status, body, truncated: sizeBytes > maxBodyBytes, error });
    };
    const giveUp = () => settle(deadline.reason);
    if (deadline.aborted) return giveUp();
    deadline.addEventListener('abort', giveUp, { once: true });

    session = connect('http://probe.invalid', {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    let greeted = false;
    session.on('remoteSettings', () => {
      greeted = true;
    });
    session.on('error', (error) => {
      sessionError = greeted ? error : new Error('it did not answer in HTTP/2');
      settle(sessionError);
    });
    const stream = session.request(fieldsOf(request), { endStream: true });
    stream.on('error', (error) => {
      sessionError ??= error;
    });
    stream.on('response', (headers) => {
      status = headers[':status'];
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > maxBodyBytes) settle(undefined);
    });
    stream.on('close', () => {
      const isComplete = status !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      settle(isComplete ? undefined : (sessionError ?? new NoAnswer()));
    });
  });
}

class NoAnswer extends Error {
  readonly code = 'UND_ERR_SOCKET';
}

function fieldsOf({ method, path, scheme, headers }: ProbeRequest): Record<string, string> {
  const { host, ...rest } = headers;
  return { ':method': method, ':scheme': scheme, ':authority': host, ':path': path, ...rest };
}
