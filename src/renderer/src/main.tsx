// Starts the window: theme before the first paint, the connection before the first render, then React.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { controlToken } from './live/carrier.ts';
import { startConnection } from './live/connection.ts';
import { startTheme } from './live/theme.ts';
import './styles/theme.css';

// zod compiles parsers with eval where it may; the page's CSP forbids that.
z.config({ jitless: true });

startTheme();
// Takes the token off the URL before the router looks at it.
controlToken();
startConnection();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
