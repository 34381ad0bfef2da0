import '../styles/base.css';
import '../pages/start/start.css';
import { ConsoleRoot } from '../console/ConsoleRoot.tsx';
import { mountPage } from '../shell/mountPage.tsx';

await mountPage('start', <ConsoleRoot />);
