// http-proxy as its users run it, with a keep-alive agent: http-proxy.mjs PORT BACKEND_PORT
import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';

const [port, backendPort] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${backendPort}`, agent, xfwd: true });
proxy.on('error', (_, request) => request.destroy());
createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
