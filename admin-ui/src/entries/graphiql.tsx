// First: Monaco looks for its workers as soon as it is loaded.
import 'graphiql/setup-workers/vite';
// Not graphiql/style.css: it embeds fonts and a second copy of Monaco's styles.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import '../styles/base.css';
import '../pages/graphiql/graphiqlPage.css';
import { GraphiqlPage } from '../pages/graphiql/GraphiqlPage.tsx';
import { mountPage } from '../shell/mountPage.tsx';

void mountPage('graphiql', <GraphiqlPage />);
