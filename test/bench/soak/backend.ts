// A backend of the long run: tells who it is, echoes what it is sent, answers with a megabyte, speaks
// WebSocket. Run as a program: backend.ts PORT
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const MEGABYTE = Buffer.alloc(1024 * 1024, 0x61);

const server = createServer((request, response) => {
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  if (request.url === '/1m') {
    request.resume();
    response.end(MEGABYTE);
  } else if (request.method === 'POST') {
    const length = request.headers['content-length'];
    response.writeHead(200, length === undefined ? {} : { 'content-length': length });
    request.pipe(response);
  } else {
    request.resume();
    response.end(`you asked for ${request.url}`);
  }
});
server.keepAliveTimeout = 75_000;
server.headersTimeout = 80_000;

new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('error', () => undefined);
  socket.on('message', (data, binary) => socket.send(data, { binary }));
});

server.listen(Number(process.argv[2]), '127.0.0.1');
