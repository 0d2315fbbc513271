// llhttp, the HTTP parser in Node, driven without a server around it: what another program makes of bytes,
// told byte by byte. It is the second opinion of the fuzz tests; strict, as Node's servers use it.
import { createRequire } from 'node:module';

/** A message as llhttp read it. Fields and trailers are "name: value" lines, all text is latin1. */
export interface HttpMessage {
  /** '' of a response. */
  method: string;
  target: string;
  /** 0 of a request. */
  status: number;
  reason: string;
  version: string;
  fields: string[];
  body: string;
  trailers: string[];
  /** It asks for, or is the switch to, another protocol: what follows is not HTTP. */
  upgrade: boolean;
  complete: boolean;
}

/** Node's binding to llhttp, as node:http itself uses it; the callbacks are set by number. */
interface Parser {
  [callback: number]: unknown;
  initialize(kind: number, resource: object, maxHeaderBytes: number, lenient: number): void;
  execute(bytes: Buffer): number | (Error & { code: string });
  finish(): undefined | (Error & { code: string });
}

interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: ParserClass;
  methods: readonly string[];
};

/** llhttp knows a fixed list of methods; a proxy has no reason to. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(methods);

const HEADER_BYTES = 65_536;
/** What `kOnHeadersComplete` answers: whether a body follows, and whether HTTP goes on behind it. */
const NEXT = { body: 0, noBody: 1, otherProtocol: 2 } as const;

export interface HttpReaderOptions {
  /** The method the next final response answers; without a body follow those to HEAD. Default: GET. */
  methodOf?: () => string;
  onComplete?: (message: HttpMessage) => void;
}

export class HttpReader {
  readonly messages: HttpMessage[] = [];
  /** Bytes behind a switch of protocols. */
  readonly behind: Buffer[] = [];
  /** What llhttp refused, '' for nothing. */
  error = '';
  readonly #parser = new HTTPParser();
  #fields: string[] = [];
  #target = '';
  #switched = false;

  constructor(kind: 'request' | 'response', { methodOf = () => 'GET', onComplete }: HttpReaderOptions = {}) {
    const parser = this.#parser;
    parser.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, HEADER_BYTES, 0);
    // Called early with the first of many fields, and with trailers.
    parser[HTTPParser.kOnHeaders] = (fields: string[], target: string) => {
      this.#fields.push(...fields);
      this.#target += target;
    };
    parser[HTTPParser.kOnHeadersComplete] = (
      major: number,
      minor: number,
      fields: string[] | undefined,
      method: number | undefined,
      target: string | undefined,
      status: number | undefined,
      reason: string | undefined,
      upgrade: boolean,
    ): number => {
      this.messages.push({
        method: method === undefined ? '' : (methods[method] ?? ''),
        target: target ?? this.#target,
        status: status ?? 0,
        reason: reason ?? '',
        version: `${major}.${minor}`,
        fields: lines(fields ?? this.#fields),
        body: '',
        trailers: [],
        upgrade,
        complete: false,
      });
      this.#fields = [];
      this.#target = '';
      if (kind === 'request') return NEXT.body;
      if (upgrade) return NEXT.otherProtocol;
      return (status ?? 0) < 200 || methodOf() === 'HEAD' ? NEXT.noBody : NEXT.body;
    };
    parser[HTTPParser.kOnBody] = (part: Buffer) => {
      this.#last.body += part.toString('latin1');
    };
    parser[HTTPParser.kOnMessageComplete] = () => {
      const message = this.#last;
      message.trailers = lines(this.#fields);
      this.#fields = [];
      // Handed over a second time with trailers.
      this.#target = '';
      message.complete = true;
      this.#switched = message.upgrade || message.status === 101;
      onComplete?.(message);
    };
  }

  get #last(): HttpMessage {
    const message = this.messages.at(-1);
    if (message === undefined) throw new Error('llhttp read a body without a head');
    return message;
  }

  read(bytes: Buffer): void {
    if (this.error !== '' || bytes.length === 0) return;
    if (this.#switched) {
      this.behind.push(Buffer.from(bytes));
      return;
    }
    const read = this.#parser.execute(bytes);
    if (typeof read !== 'number') this.error = read.code;
    else if (this.#switched && read < bytes.length) this.behind.push(Buffer.from(bytes.subarray(read)));
  }

  /** The sender has ended: that completes a body without another end. */
  end(): void {
    if (this.error !== '' || this.#switched) return;
    const failed = this.#parser.finish();
    if (failed !== undefined) this.error = failed.code;
  }

  /** Everything after which the sender ends. */
  readAll(bytes: Buffer): this {
    this.read(bytes);
    this.end();
    return this;
  }
}

function lines(namesAndValues: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < namesAndValues.length; at += 2)
    found.push(`${namesAndValues[at]}: ${namesAndValues[at + 1]}`);
  return found;
}
