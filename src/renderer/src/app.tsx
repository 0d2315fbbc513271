// The whole window: the frame around the page of the current route, and the one dialog that is open.
// Only this file and its two companions know every feature. What breaks in one of them stays in it.
import { AppDialogs } from './app-dialogs.tsx';
import { BrokenPage } from './features/frame/broken-page.tsx';
import { Frame } from './features/frame/frame.tsx';
import { hrefOf } from './lib/route.ts';
import { useRoute } from './lib/use-route.ts';
import { CurrentPage } from './routes.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { Toaster } from './ui/toast.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';

export function App() {
  return (
    <TooltipProvider>
      <Frame>
        <ErrorBoundary
          resetKey={hrefOf(useRoute())}
          fallback={(error, retry) => <BrokenPage error={error} onRetry={retry} />}
        >
          <CurrentPage />
        </ErrorBoundary>
      </Frame>
      <AppDialogs />
      <Toaster />
    </TooltipProvider>
  );
}
