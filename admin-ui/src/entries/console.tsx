import '../styles/base.css';
import '../pages/start/start.css';
import { ConsoleRoot } from '../console/ConsoleRoot.tsx';
import { mountPage } from '../shell/mountPage.tsx';

void mountPage('start', <ConsoleRoot />);
