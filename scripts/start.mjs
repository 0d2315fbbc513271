// npm start: installs, builds and opens the app. Arguments after -- go to it.
import { launch } from './lib/launch.mjs';

await launch(process.argv.slice(2));
