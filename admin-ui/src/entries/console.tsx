import '../styles/base.css';
import '../pages/start/start.css';
import { ConsoleRoot, loadConsole } from '../console/ConsoleRoot.tsx';
import { mountPage } from '../shell/mountPage.tsx';

void mountPage('start', <ConsoleRoot />, loadConsole);
