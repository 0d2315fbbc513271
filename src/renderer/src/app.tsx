// The whole window: the frame around the page of the current route, and the one dialog that is open.
// Only this file and its two companions know every feature.
import { AppDialogs } from './app-dialogs.tsx';
import { Frame } from './features/frame/frame.tsx';
import { CurrentPage } from './routes.tsx';
import { Toaster } from './ui/toast.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';

export function App() {
  return (
    <TooltipProvider>
      <Frame>
        <CurrentPage />
      </Frame>
      <AppDialogs />
      <Toaster />
    </TooltipProvider>
  );
}
