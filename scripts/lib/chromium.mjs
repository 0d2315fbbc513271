// Finds a Chromium for the end-to-end tests, or installs one where that takes no questions.
import { existsSync } from 'node:fs';
import { fail, run } from './process.mjs';

const CANDIDATES = [
  process.env.SLUICE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of the browser; ends the process with a sentence when there is none and none can be had. */
export async function ensureChromium() {
  const found = find();
  if (found) return found;
  if (existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium for the end-to-end tests…');
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    const apt = async (...args) => {
      const [command, ...rest] = [...sudo, 'apt-get', '-qq', ...args];
      return run(command, rest, {
        stdio: ['ignore', 'ignore', 2],
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
    };
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  }
  return (
    find() ??
    fail('The end-to-end tests need Chromium or Chrome; install one, or name its path in SLUICE_CHROMIUM.')
  );
}

function find() {
  return CANDIDATES.find((path) => path && existsSync(path));
}
