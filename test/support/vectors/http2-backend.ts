// A backend that speaks HTTP/2 and answers each stream with the frames it is given: the counterpart of
// an answering RawServer. Used by vector-http2-responses.spec.ts.
import { H2RawBackend } from '../h2-backends.ts';
import { ACK, frame, type H2RawClient, TYPE } from '../h2-frames.ts';

export class AnsweringHttp2Backend implements AsyncDisposable {
  readonly #raw: H2RawBackend;

  constructor(raw: H2RawBackend) {
    this.#raw = raw;
  }

  static async listen(
    answer: (stream: number, connection: H2RawClient) => void,
  ): Promise<AnsweringHttp2Backend> {
    const raw = await H2RawBackend.listen();
    void (async () => {
      for (let n = 0; ; n++) serve(await raw.connection(n), answer);
    })();
    return new AnsweringHttp2Backend(raw);
  }

  get port(): number {
    return this.#raw.port;
  }

  /** Ever accepted. */
  get connections(): readonly H2RawClient[] {
    return this.#raw.connections;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#raw[Symbol.asyncDispose]();
  }
}

function serve(connection: H2RawClient, answer: (stream: number, connection: H2RawClient) => void): void {
  let looked = 0;
  const look = (): void => {
    while (looked < connection.frames.length) {
      const { type, flags, stream } = connection.frames[looked++]!;
      if (type === TYPE.settings && flags !== ACK) connection.send(frame(TYPE.settings, ACK, 0));
      if (type === TYPE.headers) answer(stream, connection);
    }
  };
  connection.socket.on('data', look);
  look();
}
