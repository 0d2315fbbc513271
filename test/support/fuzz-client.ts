// A client that sends everything at once, in pieces, and reads all answers with llhttp until the connection
// or the last answer ends. Used by http1-engine-fuzz.spec.ts.
import net from 'node:net';
import { writePieces } from './fuzz-backend.ts';
import { type HttpMessage, HttpReader } from './llhttp.ts';

const DEADLINE_MS = 10_000;

export interface Answered {
  messages: HttpMessage[];
  error: string;
  /** Bytes behind a switch of protocols, latin1. */
  tunnelled: string;
  /** '' unless something went wrong with the connection. */
  connection: string;
}

/**
 * `methods` are those of the requests in `pieces`. Leaves on its own after as many answers, unless
 * `untilEnd`: then the other side has to end the connection.
 */
export async function ask(
  port: number,
  pieces: readonly Buffer[],
  methods: readonly string[],
  untilEnd: boolean,
): Promise<Answered> {
  let answered = 0;
  let connection = '';
  const reader = new HttpReader('response', {
    methodOf: () => methods[answered] ?? 'GET',
    onComplete: ({ status }) => {
      if (status >= 200) answered++;
      if (answered === methods.length && !untilEnd) socket.destroy();
    },
  });
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const timer = setTimeout(() => {
    connection = `still open after ${answered} of ${methods.length} answers`;
    socket.destroy();
  }, DEADLINE_MS);
  socket.on('connect', () => void writePieces(socket, pieces));
  socket.on('data', (bytes) => reader.read(bytes));
  socket.on('end', () => {
    reader.end();
    socket.end();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    connection = error.code ?? error.message;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  const tunnelled = Buffer.concat(reader.behind).toString('latin1');
  return { messages: reader.messages, error: reader.error, tunnelled, connection };
}
