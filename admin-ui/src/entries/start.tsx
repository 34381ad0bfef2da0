import '../styles/base.css';
import '../pages/start/start.css';
import { StartPage } from '../pages/start/StartPage.tsx';
import { mountPage } from '../shell/mountPage.tsx';

mountPage('start', <StartPage />);
