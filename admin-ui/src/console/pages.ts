import type { ConsoleViewer } from './ViewerContext.ts';

export type ConsolePageName = 'queue' | 'inbox' | 'dashboard' | 'policy' | 'activity' | 'log' | 'shop' | 'shopRestrictions' | 'shopInsurance' | 'shopRecord' | 'start' | 'buyers' | 'merchants' | 'appeals' | 'secondReviews' | 'restrictions' | 'collusion' | 'webhooks';

export interface ConsolePage {
  readonly name: ConsolePageName;
  readonly path: string;
  /** After `g`, the letter that leads here. */
  readonly letter: string;
  may(viewer: ConsoleViewer): boolean;
}

/**
 * The pages of the navigation, in its order. The first one that the caller may see is where they start. What each shows is in
 * pageComponents.ts, which imports the pages: this module imports none, so that pages may import it.
 */
export const consolePages: readonly ConsolePage[] = [
  { name: 'queue', path: '/queue', letter: 'q', may: ({ can }) => can.seeCases },
  { name: 'inbox', path: '/inbox', letter: 'f', may: ({ can }) => can.seeCases && can.decide },
  { name: 'buyers', path: '/buyers', letter: 'b', may: ({ can }) => can.seeBuyers && can.seeCases },
  { name: 'merchants', path: '/merchants', letter: 'm', may: ({ can }) => can.seeCases },
  { name: 'appeals', path: '/appeals', letter: 'e', may: ({ can }) => can.seeCases },
  { name: 'secondReviews', path: '/second-reviews', letter: 'v', may: ({ can }) => can.seeCases },
  { name: 'restrictions', path: '/restrictions', letter: 'r', may: ({ can }) => can.seeCases },
  { name: 'collusion', path: '/collusion', letter: 'c', may: ({ can }) => can.seeCases },
  { name: 'dashboard', path: '/dashboard', letter: 'd', may: ({ can }) => can.seeCases },
  { name: 'policy', path: '/policy', letter: 'p', may: ({ can }) => can.seeCases },
  { name: 'activity', path: '/activity', letter: 'a', may: ({ can }) => can.readLog },
  { name: 'log', path: '/log', letter: 'l', may: ({ can }) => can.readLog },
  { name: 'shop', path: '/shop', letter: 's', may: ({ merchant }) => merchant !== null },
  { name: 'shopRestrictions', path: '/shop/restrictions', letter: 't', may: ({ merchant }) => merchant !== null },
  { name: 'shopInsurance', path: '/shop/insurance', letter: 'i', may: ({ merchant }) => merchant !== null },
  { name: 'shopRecord', path: '/shop/record', letter: 'o', may: ({ merchant }) => merchant !== null },
  { name: 'webhooks', path: '/webhooks', letter: 'w', may: ({ can }) => can.seeWebhooks },
  { name: 'start', path: '/start', letter: 'h', may: () => true },
];
