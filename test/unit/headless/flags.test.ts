// The headless host's command line: what is understood, and the sentence for what is not.
import { describe, expect, it } from 'vitest';
import { readFlags } from '../../../src/main/headless/flags.ts';

const defaults = {
  configFile: null,
  dataDir: null,
  control: { host: '127.0.0.1', port: 0 },
  json: false,
  demo: false,
  help: false,
};

describe('the command line', () => {
  it.each([
    [[], {}],
    [['--config', 'a.json', '--data', 'd'], { configFile: 'a.json', dataDir: 'd' }],
    [['--control', '127.0.0.1:0', '--json'], { json: true }],
    [['--control', 'localhost:7070'], { control: { host: 'localhost', port: 7070 } }],
    [['--control', '[::1]:0'], { control: { host: '::1', port: 0 } }],
    [['--demo', '--help'], { demo: true, help: true }],
  ])('%j is understood', (args, expected) => {
    expect(readFlags(args)).toEqual({ ok: true, flags: { ...defaults, ...expected } });
  });

  it.each([
    [['--control', '0.0.0.0:7070'], 'for this machine only'],
    [['--control', 'example.org:80'], 'for this machine only'],
    [['--control', '7070'], 'use HOST:PORT'],
    [['--control', '127.0.0.1:99999'], 'use HOST:PORT'],
    [['--confg', 'a.json'], '--confg'],
    [['--config'], '--config'],
    [['stray'], 'stray'],
  ])('%j is refused with a sentence and the usage', (args, sentence) => {
    const read = readFlags(args);
    expect(read.ok ? '' : read.message).toContain(sentence);
    expect(read.ok ? '' : read.message).toContain('Usage: npm run serve');
  });
});
