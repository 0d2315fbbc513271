// Whether this machine trusts the local authority, and how a person makes it. Says `unknown` rather than
// guess: browsers keep lists of their own, and only some systems can be asked. Called by inventory.ts.
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import type { TrustCommand, TrustState } from '#shared/certificates.ts';

/** Where the families of Linux keep what their programs trust, all in one file. */
const LINUX_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const NAME = 'sluice-local-authority';

/** Whether programs of this system believe `pem`. A browser may decide otherwise. */
export function trustOf(
  pem: string,
  platform: NodeJS.Platform = process.platform,
  bundles: readonly string[] = LINUX_BUNDLES,
): TrustState {
  if (platform === 'linux') return trustInBundles(pem, bundles);
  // Read once by the runtime: who is in it is trusted, who is not may have come since.
  return systemAuthorities().some((other) => isSame(other, pem)) ? 'trusted' : 'unknown';
}

function trustInBundles(pem: string, bundles: readonly string[]): TrustState {
  const wanted = bodyOf(pem);
  for (const bundle of bundles) {
    try {
      // The first that exists is the one in use.
      return readFileSync(bundle, 'latin1').replace(/\s/g, '').includes(wanted) ? 'trusted' : 'not-trusted';
    } catch {}
  }
  return 'unknown';
}

/** The base64 between the marks: what stays the same however it is wrapped. */
function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
}

function systemAuthorities(): string[] {
  try {
    return getCACertificates('system');
  } catch {
    return [];
  }
}

function isSame(other: string, pem: string): boolean {
  return bodyOf(other) === bodyOf(pem);
}

/** What a person types, or does, to have the certificate in `certFile` believed. */
export function trustCommands(certFile: string): TrustCommand[] {
  const path = `'${certFile.replaceAll("'", `'\\''`)}'`;
  return [
    {
      os: 'Debian, Ubuntu',
      command: `sudo cp ${path} /usr/local/share/ca-certificates/${NAME}.crt && sudo update-ca-certificates`,
    },
    {
      os: 'Fedora, RHEL',
      command: `sudo cp ${path} /etc/pki/ca-trust/source/anchors/${NAME}.pem && sudo update-ca-trust`,
    },
    { os: 'Arch', command: `sudo trust anchor --store ${path}` },
    {
      os: 'macOS',
      command: `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${path}`,
    },
    { os: 'Windows', command: `certutil -user -addstore Root "${certFile}"` },
    {
      os: 'Chrome on Linux',
      command: `certutil -d "sql:$HOME/.pki/nssdb" -A -t C,, -n ${NAME} -i ${path}`,
    },
    {
      os: 'Firefox',
      command: `Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import: ${certFile}`,
    },
  ];
}
