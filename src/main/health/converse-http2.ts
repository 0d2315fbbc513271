// One request over HTTP/2 on the connection it is given, for backends whose pool speaks it: what came
// back, as far as it came. Called by probe-http.ts, which judges it.
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { type Answered, collectAnswer, type ProbeRequest } from './converse.ts';

export function converseHttp2(
  socket: Socket,
  request: ProbeRequest,
  deadline: AbortSignal,
): Promise<Answered> {
  let session: ClientHttp2Session | undefined;
  const answer = collectAnswer(deadline, () => {
    session?.destroy();
    socket.destroy();
  });
  if (deadline.aborted) return answer.answered;

  session = connect('http://probe.invalid', {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  // What is wrong with the connection as a whole tells more than what its stream says of it.
  let sessionError: unknown;
  let greeted = false;
  session.on('remoteSettings', () => {
    greeted = true;
  });
  session.on('error', (error) => {
    sessionError = greeted ? error : new Error('it did not answer in HTTP/2');
    answer.end(sessionError);
  });
  const stream = session.request(fieldsOf(request), { endStream: true });
  stream.on('error', (error) => {
    sessionError ??= error;
  });
  stream.on('response', (headers) => {
    answer.status = headers[':status'];
  });
  stream.on('data', (chunk: Buffer) => answer.addBody(chunk));
  stream.on('close', () => {
    const isComplete = answer.status !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    answer.end(isComplete ? undefined : (sessionError ?? new NoAnswer()));
  });
  return answer.answered;
}

class NoAnswer extends Error {
  readonly code = 'UND_ERR_SOCKET';
}

function fieldsOf({ method, path, scheme, headers }: ProbeRequest): Record<string, string> {
  const { host, ...rest } = headers;
  return { ':method': method, ':scheme': scheme, ':authority': host, ':path': path, ...rest };
}
