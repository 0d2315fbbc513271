// The single-instance lock of one user-data folder, as Chromium keeps it: a file that names the holder,
// and a socket by which later instances tell the holder they were started.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface SecondInstance {
  argv: string[];
  workingDirectory: string;
  additionalData: unknown;
}

export interface InstanceLock {
  held: boolean;
  /** Electron reports second instances only after `ready`; earlier ones wait. */
  deliverTo(listener: (second: SecondInstance) => void): void;
  release(): Promise<void>;
}

export function requestLock(userData: string, additionalData: unknown): InstanceLock {
  const file = join(userData, 'SingletonLock');
  const socket = join(userData, 'SingletonSocket');
  return takeFile(file) ? holder(file, socket) : visitor(socket, additionalData);
}

function takeFile(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
    writeFileSync(file, String(process.pid));
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function holder(file: string, socket: string): InstanceLock {
  const early: SecondInstance[] = [];
  let deliver = (second: SecondInstance): void => {
    early.push(second);
  };
  rmSync(socket, { force: true });
  const server: Server = createServer((connection) => {
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (chunk) => {
      text += chunk;
    });
    connection.on('end', () => {
      connection.end();
      deliver(JSON.parse(text) as SecondInstance);
    });
  });
  server.listen(socket);
  server.unref();
  return {
    held: true,
    deliverTo(listener) {
      deliver = listener;
      for (const second of early.splice(0)) listener(second);
    },
    async release() {
      server.close();
      rmSync(file, { force: true });
    },
  };
}

function visitor(socket: string, additionalData: unknown): InstanceLock {
  const second: SecondInstance = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
  const told = new Promise<void>((resolve, reject) => {
    const connection = connect(socket);
    connection.on('error', reject);
    connection.on('close', () => resolve());
    connection.end(JSON.stringify(second));
    connection.resume();
  });
  return { held: false, deliverTo() {}, release: () => told };
}
