import { AtSign, Ban, BookText, ChartColumn, ClipboardList, Gavel, Inbox, ListChecks, Network, Plug, Radio, Scale, ScrollText, Send, ShieldCheck, Store, Tags, Users, type LucideIcon } from 'lucide-react';
import type { ConsolePageName } from '../pages.ts';

/** What each page is known by in the navigation, beside its name. */
export const pageIcons: Readonly<Record<ConsolePageName, LucideIcon>> = {
  queue: Inbox,
  inbox: AtSign,
  buyers: Users,
  merchants: Store,
  appeals: Gavel,
  secondReviews: ListChecks,
  restrictions: Ban,
  collusion: Network,
  dashboard: ChartColumn,
  policy: Scale,
  activity: Radio,
  log: ScrollText,
  shop: Tags,
  shopRestrictions: Ban,
  shopInsurance: ShieldCheck,
  shopRecord: ClipboardList,
  webhooks: Send,
  start: Plug,
};

/** GraphiQL, which is a page of its own. */
export const graphiqlIcon: LucideIcon = BookText;
