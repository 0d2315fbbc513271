// The backend of the benchmark: answers each request on a raw socket with a prepared response, so
// that it costs far less than any proxy in front of it. Understands just what the proxies send: GETs
// without a body. Run as a program: backend.ts PORT [HOST]
import { createServer } from 'node:net';

const small = response('text/plain', Buffer.from('Hello, world!'));
const large = response('application/octet-stream', Buffer.alloc(1024 * 1024, 0x61));

function response(type: string, body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const END = Buffer.from('\r\n\r\n');

createServer({ noDelay: true }, (socket) => {
  let partial: Buffer | undefined;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const data = partial ? Buffer.concat([partial, chunk]) : chunk;
    let at = 0;
    for (let end = data.indexOf(END, at); end !== -1; end = data.indexOf(END, at)) {
      socket.write(data.toString('latin1', at, at + 7) === 'GET /1m' ? large : small);
      at = end + END.length;
    }
    partial = at < data.length ? data.subarray(at) : undefined;
  });
}).listen(Number(process.argv[2]), process.argv[3] ?? '127.0.0.1');
