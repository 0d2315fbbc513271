// Reads the command line of the headless host. Pure: returns what to run or a sentence naming the
// flag and the fix, so that main.ts alone decides about exit codes.
import { parseArgs } from 'node:util';
import { type HostPort, parseAddress } from '#shared/config/primitives.ts';

export interface Flags {
  configFile: string | null;
  dataDir: string | null;
  control: HostPort;
  json: boolean;
  /** Start the demo at once. */
  demo: boolean;
  help: boolean;
}

export const USAGE = `Usage: npm run serve -- [options]

  --config FILE         import this config and watch it for changes
  --data DIR            where history and revisions are kept (default: .sluice in the working folder)
  --control HOST:PORT   loopback address of the window and the API (default 127.0.0.1:0, any free port)
  --json                print one line of JSON once listeners accept
  --demo                start three demo backends and some traffic
  --help                print this
`;

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

export function readFlags(
  args: readonly string[],
): { ok: true; flags: Flags } | { ok: false; message: string } {
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        control: { type: 'string' },
        json: { type: 'boolean' },
        demo: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const control = parseControl(text(values.control) ?? '127.0.0.1:0');
  if (!control) return refuse(`--control ${values.control}: use HOST:PORT, for example 127.0.0.1:7070`);
  if (!LOOPBACK_HOSTS.has(control.host)) {
    return refuse(
      `--control ${values.control}: the control endpoint is for this machine only; use 127.0.0.1, localhost or [::1]`,
    );
  }
  return {
    ok: true,
    flags: {
      configFile: text(values.config) ?? null,
      dataDir: text(values.data) ?? null,
      control,
      json: values.json === true,
      demo: values.demo === true,
      help: values.help === true,
    },
  };
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message: `${message}\n\n${USAGE}` };
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Unlike a backend's address, port 0 is fine here: the system chooses. */
function parseControl(value: string): HostPort | undefined {
  const anyPort = /^(.*):0$/.exec(value);
  if (!anyPort) return parseAddress(value);
  const parsed = parseAddress(`${anyPort[1]}:1`);
  return parsed && { host: parsed.host, port: 0 };
}
