// "Try it with demo backends": the core starts them with traffic, and the board of their pool opens.
import { useShortcut } from '../../lib/keyboard.ts';
import { openPool } from '../../live/just-made.ts';
import { useCommand } from '../../live/use-command.ts';
import { Button } from '../../ui/button.tsx';
import { DemoArt } from './art.tsx';
import { Card } from './card.tsx';

export function DemoCard() {
  const demo = useCommand('demo.start');
  const start = async () => {
    if (demo.pending) return;
    const result = await demo.run({});
    if (result.ok) await openPool(result.value.pool);
  };
  useShortcut('d', () => void start(), { label: 'Start the demo', group: 'First run' });
  return (
    <Card
      art={<DemoArt />}
      title="Try it with demo backends"
      text="Three backends and some traffic within seconds. Stop it under Settings; nothing is left behind."
    >
      <Button className="self-start" shortcut="d" pending={demo.pending} onClick={() => void start()}>
        Start the demo
      </Button>
    </Card>
  );
}
