import type { ComponentType } from 'react';
import { InboxBadge } from '../team/InboxBadge.tsx';
import { lazyPage } from './lazyPage.tsx';
import type { ConsoleViewer } from './ViewerContext.ts';

export type ConsolePageName = 'queue' | 'inbox' | 'dashboard' | 'policy' | 'activity' | 'log' | 'shop' | 'shopRestrictions' | 'shopInsurance' | 'shopRecord' | 'start' | 'buyers' | 'merchants' | 'appeals' | 'secondReviews' | 'restrictions' | 'collusion' | 'webhooks';

export interface ConsolePage {
  readonly name: ConsolePageName;
  readonly path: string;
  /** After `g`, the letter that leads here. */
  readonly letter: string;
  may(viewer: ConsoleViewer): boolean;
  /** Beside its name in the navigation: how much is new there. */
  readonly Badge?: ComponentType;
  readonly Page: ComponentType;
}

/** The pages of the navigation, in its order. The first one that the caller may see is where they start. */
export const consolePages: readonly ConsolePage[] = [
  {
    name: 'queue',
    path: '/queue',
    letter: 'q',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/queue/QueuePage.tsx')).QueuePage),
  },
  {
    name: 'inbox',
    path: '/inbox',
    letter: 'f',
    may: ({ can }) => can.seeCases && can.decide,
    Badge: InboxBadge,
    Page: lazyPage(async () => (await import('../pages/inbox/InboxPage.tsx')).InboxPage),
  },
  {
    name: 'buyers',
    path: '/buyers',
    letter: 'b',
    may: ({ can }) => can.seeBuyers && can.seeCases,
    Page: lazyPage(async () => (await import('../pages/buyers/BuyersPage.tsx')).BuyersPage),
  },
  {
    name: 'merchants',
    path: '/merchants',
    letter: 'm',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/merchants/MerchantsPage.tsx')).MerchantsPage),
  },
  {
    name: 'appeals',
    path: '/appeals',
    letter: 'e',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/appeals/AppealsPage.tsx')).AppealsPage),
  },
  {
    name: 'secondReviews',
    path: '/second-reviews',
    letter: 'v',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/secondReviews/SecondReviewsPage.tsx')).SecondReviewsPage),
  },
  {
    name: 'restrictions',
    path: '/restrictions',
    letter: 'r',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/restrictions/RestrictionsPage.tsx')).RestrictionsPage),
  },
  {
    name: 'collusion',
    path: '/collusion',
    letter: 'c',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/collusion/CollusionPage.tsx')).CollusionPage),
  },
  {
    name: 'dashboard',
    path: '/dashboard',
    letter: 'd',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/dashboard/DashboardPage.tsx')).DashboardPage),
  },
  {
    name: 'policy',
    path: '/policy',
    letter: 'p',
    may: ({ can }) => can.seeCases,
    Page: lazyPage(async () => (await import('../pages/policy/PolicyPage.tsx')).PolicyPage),
  },
  {
    name: 'activity',
    path: '/activity',
    letter: 'a',
    may: ({ can }) => can.readLog,
    Page: lazyPage(async () => (await import('../pages/activity/ActivityPage.tsx')).ActivityPage),
  },
  {
    name: 'log',
    path: '/log',
    letter: 'l',
    may: ({ can }) => can.readLog,
    Page: lazyPage(async () => (await import('../pages/log/LogPage.tsx')).LogPage),
  },
  {
    name: 'shop',
    path: '/shop',
    letter: 's',
    may: ({ merchant }) => merchant !== null,
    Page: lazyPage(async () => (await import('../pages/shop/ShopPage.tsx')).ShopPage),
  },
  {
    name: 'shopRestrictions',
    path: '/shop/restrictions',
    letter: 't',
    may: ({ merchant }) => merchant !== null,
    Page: lazyPage(async () => (await import('../pages/shopRestrictions/ShopRestrictionsPage.tsx')).ShopRestrictionsPage),
  },
  {
    name: 'shopInsurance',
    path: '/shop/insurance',
    letter: 'i',
    may: ({ merchant }) => merchant !== null,
    Page: lazyPage(async () => (await import('../pages/shopInsurance/ShopInsurancePage.tsx')).ShopInsurancePage),
  },
  {
    name: 'shopRecord',
    path: '/shop/record',
    letter: 'o',
    may: ({ merchant }) => merchant !== null,
    Page: lazyPage(async () => (await import('../pages/shopRecord/ShopRecordPage.tsx')).ShopRecordPage),
  },
  {
    name: 'webhooks',
    path: '/webhooks',
    letter: 'w',
    may: ({ can }) => can.seeWebhooks,
    Page: lazyPage(async () => (await import('../pages/webhooks/WebhooksPage.tsx')).WebhooksPage),
  },
  {
    name: 'start',
    path: '/start',
    letter: 'h',
    may: () => true,
    Page: lazyPage(async () => (await import('../pages/start/ApiPage.tsx')).ApiPage),
  },
];

/** Where a case is shown. The id may hold any visible character. */
export function casePath(id: string): string {
  return `/cases/${encodeURIComponent(id)}`;
}

export const CasePage = lazyPage(async () => (await import('../pages/case/CasePage.tsx')).CasePage);

export function buyerPath(id: string): string {
  return `/buyers/${encodeURIComponent(id)}`;
}

export function merchantPath(id: string): string {
  return `/merchants/${encodeURIComponent(id)}`;
}

export function appealPath(id: string): string {
  return `/appeals/${encodeURIComponent(id)}`;
}

export function secondReviewPath(id: string): string {
  return `/second-reviews/${encodeURIComponent(id)}`;
}

/** Where an endpoint's deliveries are shown. */
export function webhookPath(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
}

export const WebhookPage = lazyPage(async () => (await import('../pages/webhooks/WebhookPage.tsx')).WebhookPage);

/** Pages of one record each, which lists lead to. All of them are for who sees cases. */
export const recordPages: readonly { readonly path: string; readonly Page: ComponentType }[] = [
  { path: '/buyers/:id', Page: lazyPage(async () => (await import('../pages/buyers/BuyerPage.tsx')).BuyerPage) },
  { path: '/merchants/:id', Page: lazyPage(async () => (await import('../pages/merchants/MerchantPage.tsx')).MerchantPage) },
  { path: '/second-reviews/:id', Page: lazyPage(async () => (await import('../pages/secondReviews/SecondReviewPage.tsx')).SecondReviewPage) },
  { path: '/appeals/:id', Page: lazyPage(async () => (await import('../pages/appeals/AppealPage.tsx')).AppealPage) },
];
