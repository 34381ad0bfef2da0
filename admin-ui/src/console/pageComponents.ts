import { matchPath } from 'react-router';
import { lazyPage, type LazyPage } from './lazyPage.tsx';
import { consolePages, type ConsolePageName } from './pages.ts';
import type { ConsoleViewer } from './ViewerContext.ts';

/** What each page of the navigation shows. */
export const pageComponents: Readonly<Record<ConsolePageName, LazyPage<object>>> = {
  queue: lazyPage(async () => (await import('../pages/queue/QueuePage.tsx')).QueuePage),
  inbox: lazyPage(async () => (await import('../pages/inbox/InboxPage.tsx')).InboxPage),
  buyers: lazyPage(async () => (await import('../pages/buyers/BuyersPage.tsx')).BuyersPage),
  merchants: lazyPage(async () => (await import('../pages/merchants/MerchantsPage.tsx')).MerchantsPage),
  appeals: lazyPage(async () => (await import('../pages/appeals/AppealsPage.tsx')).AppealsPage),
  secondReviews: lazyPage(async () => (await import('../pages/secondReviews/SecondReviewsPage.tsx')).SecondReviewsPage),
  restrictions: lazyPage(async () => (await import('../pages/restrictions/RestrictionsPage.tsx')).RestrictionsPage),
  collusion: lazyPage(async () => (await import('../pages/collusion/CollusionPage.tsx')).CollusionPage),
  dashboard: lazyPage(async () => (await import('../pages/dashboard/DashboardPage.tsx')).DashboardPage),
  policy: lazyPage(async () => (await import('../pages/policy/PolicyPage.tsx')).PolicyPage),
  activity: lazyPage(async () => (await import('../pages/activity/ActivityPage.tsx')).ActivityPage),
  log: lazyPage(async () => (await import('../pages/log/LogPage.tsx')).LogPage),
  shop: lazyPage(async () => (await import('../pages/shop/ShopPage.tsx')).ShopPage),
  shopRestrictions: lazyPage(async () => (await import('../pages/shopRestrictions/ShopRestrictionsPage.tsx')).ShopRestrictionsPage),
  shopInsurance: lazyPage(async () => (await import('../pages/shopInsurance/ShopInsurancePage.tsx')).ShopInsurancePage),
  shopRecord: lazyPage(async () => (await import('../pages/shopRecord/ShopRecordPage.tsx')).ShopRecordPage),
  webhooks: lazyPage(async () => (await import('../pages/webhooks/WebhooksPage.tsx')).WebhooksPage),
  start: lazyPage(async () => (await import('../pages/start/ApiPage.tsx')).ApiPage),
};

interface RecordPage {
  readonly path: string;
  may(viewer: ConsoleViewer): boolean;
  readonly Page: LazyPage<object>;
}

/** Pages of one record each, which lists lead to. */
export const recordPages: readonly RecordPage[] = [
  { path: '/cases/:id', may: ({ can }) => can.seeCases, Page: lazyPage(async () => (await import('../pages/case/CasePage.tsx')).CasePage) },
  { path: '/buyers/:id', may: ({ can }) => can.seeCases, Page: lazyPage(async () => (await import('../pages/buyers/BuyerPage.tsx')).BuyerPage) },
  { path: '/merchants/:id', may: ({ can }) => can.seeCases, Page: lazyPage(async () => (await import('../pages/merchants/MerchantPage.tsx')).MerchantPage) },
  { path: '/second-reviews/:id', may: ({ can }) => can.seeCases, Page: lazyPage(async () => (await import('../pages/secondReviews/SecondReviewPage.tsx')).SecondReviewPage) },
  { path: '/appeals/:id', may: ({ can }) => can.seeCases, Page: lazyPage(async () => (await import('../pages/appeals/AppealPage.tsx')).AppealPage) },
  { path: '/webhooks/:id', may: ({ can }) => can.seeWebhooks, Page: lazyPage(async () => (await import('../pages/webhooks/WebhookPage.tsx')).WebhookPage) },
];

/** Loads the page at a path before it is shown. */
export async function loadPage(pathname: string): Promise<void> {
  const page = consolePages.find(({ path }) => path === pathname);
  const Page = page === undefined ? recordPages.find(({ path }) => matchPath(path, pathname) !== null)?.Page : pageComponents[page.name];
  await Page?.load();
}
