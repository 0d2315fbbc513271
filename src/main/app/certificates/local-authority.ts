// The local authority as it lies in the data folder: read when it is there, made when a listener
// first needs it; the certificates it signed beside it, renewed in time. Invariant: a private key is
// readable by its owner only and never leaves the core but for the engine. Called by tls-material.ts.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Pair } from './keys.ts';

export interface LocalAuthority {
  /** Where its certificate is, or will be. */
  readonly certFile: string;
  /** Its certificate in PEM; undefined until it was needed. */
  cert(): string | undefined;
  /** A certificate for these hosts that is not due for renewal. Rejects with a sentence for the person. */
  leaf(hosts: readonly string[]): Promise<Pair>;
}

/** So long before its end a certificate is replaced. */
const RENEW_BEFORE_MS = 30 * 86_400_000;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export function createLocalAuthority(dataDir: string, now: () => number): LocalAuthority {
  const dir = join(dataDir, 'ca');
  const certFile = join(dir, 'authority.pem');
  const keyFile = join(dir, 'authority.key');
  /** One at a time: two listeners that need the same one must not both make it. */
  let turn: Promise<unknown> = Promise.resolve();

  async function authority(): Promise<Pair> {
    const cert = readIfThere(certFile);
    const key = readIfThere(keyFile);
    if (cert !== undefined && key !== undefined) {
      const problem = problemOf({ cert, key });
      if (problem !== '') {
        throw new Error(
          `the local authority in ${dir} cannot be used (${problem}); remove that folder to have a new one made`,
        );
      }
      if (!isDue(cert)) return { cert, key };
    }
    const { makeAuthority } = await loadedAfterReflection(() => import('./authority.ts'));
    return keep(await makeAuthority(hostname(), now()), certFile, keyFile);
  }

  async function leaf(hosts: readonly string[]): Promise<Pair> {
    const issuer = await authority();
    const names = [...new Set(hosts.map((host) => host.toLowerCase()))].toSorted();
    const base = join(dir, `leaf-${createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 16)}`);
    const cert = readIfThere(`${base}.pem`);
    const key = readIfThere(`${base}.key`);
    if (cert !== undefined && key !== undefined && problemOf({ cert, key }) === '') {
      const signed = new X509Certificate(cert).verify(new X509Certificate(issuer.cert).publicKey);
      if (signed && !isDue(cert)) return { cert, key };
    }
    const { makeLeaf } = await loadedAfterReflection(() => import('./leaf.ts'));
    return keep(await makeLeaf(issuer, names, now()), `${base}.pem`, `${base}.key`);
  }

  const isDue = (cert: string) => isDueForRenewal(new X509Certificate(cert), now());

  return {
    certFile,
    cert: () => readIfThere(certFile),
    leaf(hosts) {
      const made = turn.then(() => leaf(hosts));
      turn = made.catch(() => undefined);
      return made;
    },
  };
}

export function isDueForRenewal(certificate: X509Certificate, now: number): boolean {
  return certificate.validToDate.getTime() - now < RENEW_BEFORE_MS;
}

/** Why the two do not make a certificate one can serve with; '' when they do. */
function problemOf({ cert, key }: Pair): string {
  try {
    const matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    return matches ? '' : 'its key belongs to another certificate';
  } catch (error) {
    return (error as Error).message;
  }
}

/** The key first: a certificate without its key would be taken for a damaged pair. */
function keep(pair: Pair, certFile: string, keyFile: string): Pair {
  mkdirSync(join(certFile, '..'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  write(keyFile, pair.key, OWNER_ONLY);
  write(certFile, pair.cert, 0o644);
  return pair;
}

/** Whole or not at all. */
function write(file: string, text: string, mode: number): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The certificate library wants the reflection API to be there when it is loaded. Two static imports
 * would say so too, but a bundler may put them into chunks that run in the other order.
 */
async function loadedAfterReflection<T>(load: () => Promise<T>): Promise<T> {
  await import('reflect-metadata');
  return await load();
}
