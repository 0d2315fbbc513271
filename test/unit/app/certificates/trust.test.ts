// Whether a machine trusts the authority is told from its own list, or not at all.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustCommands, trustOf } from '../../../../src/main/app/certificates/trust.ts';
import { testAuthority } from '../../../support/certificates.ts';

describe('trustOf', () => {
  let dir: string;
  let ours: string;
  let bundle: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sluice-trust-'));
    bundle = join(dir, 'bundle.crt');
    ours = (await testAuthority('Ours')).cert;
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const rewrapped = (pem: string) => {
    const body = pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
    return `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,48}/g)?.join('\r\n')}\n-----END CERTIFICATE-----\n`;
  };

  it('is told by the list of the system, however that is wrapped', async () => {
    const other = (await testAuthority('Other')).cert;
    writeFileSync(bundle, other);
    expect(trustOf(ours, 'linux', [bundle])).toBe('not-trusted');
    writeFileSync(bundle, other + rewrapped(ours));
    expect(trustOf(ours, 'linux', [bundle])).toBe('trusted');
  });

  it('goes by the first list there is', () => {
    expect(trustOf(ours, 'linux', [join(dir, 'none'), bundle])).toBe('trusted');
  });

  it('is unknown where there is no list to be read', () => {
    expect(trustOf(ours, 'linux', [join(dir, 'none')])).toBe('unknown');
    expect(trustOf(ours, 'darwin')).toBe('unknown');
    expect(trustOf(ours, 'win32')).toBe('unknown');
  });
});

describe('trustCommands', () => {
  it('quote the path for a shell', () => {
    const commands = trustCommands("/home/o'neil/my data/ca/authority.pem").map(({ command }) => command);
    expect(commands[0]).toBe(
      "sudo cp '/home/o'\\''neil/my data/ca/authority.pem' /usr/local/share/ca-certificates/sluice-local-authority.crt && sudo update-ca-certificates",
    );
  });
});
