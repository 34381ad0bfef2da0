import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { ConsoleViewer } from './ViewerContext.ts';

export type ConsolePageName = 'queue' | 'dashboard' | 'policy' | 'activity' | 'log' | 'shop' | 'start';

export interface ConsolePage {
  readonly name: ConsolePageName;
  readonly path: string;
  /** After `g`, the letter that leads here. */
  readonly letter: string;
  may(viewer: ConsoleViewer): boolean;
  readonly Page: LazyExoticComponent<ComponentType>;
}

/** The pages of the navigation, in its order. The first one that the caller may see is where they start. */
export const consolePages: readonly ConsolePage[] = [
  {
    name: 'queue',
    path: '/queue',
    letter: 'q',
    may: ({ can }) => can.seeCases,
    Page: lazy(async () => ({ default: (await import('../pages/queue/QueuePage.tsx')).QueuePage })),
  },
  {
    name: 'dashboard',
    path: '/dashboard',
    letter: 'd',
    may: ({ can }) => can.seeCases,
    Page: lazy(async () => ({ default: (await import('../pages/dashboard/DashboardPage.tsx')).DashboardPage })),
  },
  {
    name: 'policy',
    path: '/policy',
    letter: 'p',
    may: ({ can }) => can.seeCases,
    Page: lazy(async () => ({ default: (await import('../pages/policy/PolicyPage.tsx')).PolicyPage })),
  },
  {
    name: 'activity',
    path: '/activity',
    letter: 'a',
    may: ({ can }) => can.readLog,
    Page: lazy(async () => ({ default: (await import('../pages/activity/ActivityPage.tsx')).ActivityPage })),
  },
  {
    name: 'log',
    path: '/log',
    letter: 'l',
    may: ({ can }) => can.readLog,
    Page: lazy(async () => ({ default: (await import('../pages/log/LogPage.tsx')).LogPage })),
  },
  {
    name: 'shop',
    path: '/shop',
    letter: 's',
    may: ({ merchant }) => merchant !== null,
    Page: lazy(async () => ({ default: (await import('../pages/shop/ShopPage.tsx')).ShopPage })),
  },
  {
    name: 'start',
    path: '/start',
    letter: 'h',
    may: () => true,
    Page: lazy(async () => ({ default: (await import('../pages/start/ApiPage.tsx')).ApiPage })),
  },
];

/** Where a case is shown. The id may hold any visible character. */
export function casePath(id: string): string {
  return `/cases/${encodeURIComponent(id)}`;
}

export const CasePage = lazy(async () => ({ default: (await import('../pages/case/CasePage.tsx')).CasePage }));
