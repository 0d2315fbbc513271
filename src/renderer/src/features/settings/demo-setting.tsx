// Starts and stops the demo: three backends, a listener and some traffic, to try everything on.

import { useSystem } from '../../live/hooks.ts';
import { openPool } from '../../live/just-made.ts';
import { useCommand } from '../../live/use-command.ts';
import { Button } from '../../ui/button.tsx';
import { SettingRow } from './setting-row.tsx';

export function DemoSetting() {
  const running = useSystem()?.demoRunning ?? false;
  const start = useCommand('demo.start');
  const stop = useCommand('demo.stop');
  const onStart = async () => {
    const result = await start.run({});
    if (result.ok) await openPool(result.value.pool);
  };
  return (
    <SettingRow
      label="Demo backends"
      hint={
        running
          ? 'Running. Stopping removes its pool and listener; yours stay.'
          : 'Three backends of its own, a listener and some traffic.'
      }
    >
      {running ? (
        <Button pending={stop.pending} onClick={() => void stop.run({})}>
          Stop the demo
        </Button>
      ) : (
        <Button pending={start.pending} onClick={() => void onStart()}>
          Start the demo
        </Button>
      )}
    </SettingRow>
  );
}
