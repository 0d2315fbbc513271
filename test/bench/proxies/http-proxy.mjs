// http-proxy: http-proxy.mjs PORT BACKEND_PORT [keep-alive]. As it comes it opens a connection to the
// backend for every request; with `keep-alive` it is given an agent that keeps them.
import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';

const [port, backendPort] = process.argv.slice(2, 4).map(Number);
const agent = process.argv[4] === 'keep-alive' ? new Agent({ keepAlive: true, maxSockets: 256 }) : undefined;
const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${backendPort}`,
  ...(agent && { agent }),
  xfwd: true,
});
proxy.on('error', (_, request) => request.destroy());
createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
