import type { APIRequestContext } from '@playwright/test';
import { ask } from '../e2e/session.ts';

/** What e2e/console_test.go hands over: one token per person, all of them of the demo's market. */
export interface People {
  /** Reviews and administrates: sees every page of the console. */
  readonly rita: string;
  /** Another one of the same, so that what takes two people waits for rita. */
  readonly adam: string;
  /** One of the platform's services. */
  readonly service: string;
  /** A person of the shop with the most tags. */
  readonly shop: string;
  /** One of that shop's orders that nobody tagged. */
  readonly freeOrder: string;
}

export function people(): People {
  const given = process.env['CLOUDTAG_TOKENS'];
  if (given === undefined) throw new Error('CLOUDTAG_TOKENS is not set: run these tests by `make test-e2e`');
  return JSON.parse(given) as People;
}

/** Records of the demo, and some that the demo has none of, each in a state that shows most of its page. */
export interface Market {
  /** Waits for a reviewer. */
  readonly caseId: string;
  readonly buyerId: string;
  /** A shop that somebody else has proposed to revoke. */
  readonly merchantId: string;
  /** One that nobody has. */
  readonly otherMerchantId: string;
  readonly appealId: string;
  readonly restrictionId: string;
  /** Paused: nothing is sent. */
  readonly webhookId: string;
  /** Two drafts of the policy, and one that waits for rita's approval. */
  readonly draftId: string;
  readonly otherDraftId: string;
  readonly proposalId: string;
}

/** The records that were prepared. */
export function market(): Market {
  const given = process.env['CLOUDTAG_MARKET'];
  if (given === undefined) throw new Error('CLOUDTAG_MARKET is not set: prepare.ts has not run');
  return JSON.parse(given) as Market;
}

interface Found {
  readonly waiting: { readonly nodes: readonly { readonly id: string; readonly buyer: { readonly id: string }; readonly tags: { readonly nodes: readonly { readonly merchant: { readonly id: string } }[] } }[] };
  readonly confirmed: { readonly nodes: readonly { readonly id: string; readonly buyer: { readonly appeals: readonly object[] } }[] };
  readonly policy: { readonly version: number };
}

/** Looks records up and makes those that the demo lacks. To be done once for a server. */
export async function prepareMarket(request: APIRequestContext): Promise<Market> {
  const { rita, adam, service, shop } = people();
  const found = await ask<Found>(
    request,
    rita,
    `{
      waiting: cases(filter: {handling: PENDING}, first: 20) { nodes { id buyer { id } tags { nodes { merchant { id } } } } }
      confirmed: cases(filter: {state: [CONFIRMED]}, first: 20) { nodes { id buyer { appeals { id } } } }
      policy { version }
    }`,
  );
  const [waiting] = found.waiting.nodes;
  // The demo brings an appeal of its own.
  const confirmed = found.confirmed.nodes.find(({ buyer }) => buyer.appeals.length === 0);
  const [merchantId, otherMerchantId] = new Set(found.waiting.nodes.flatMap(({ tags: { nodes } }) => nodes.map(({ merchant }) => merchant.id)));
  if (waiting === undefined || confirmed === undefined || merchantId === undefined || otherMerchantId === undefined) throw new Error('the demo has no case that waits, or none that is confirmed');

  const { fileAppeal } = await ask<{ fileAppeal: { appeal: { id: string } } }>(request, service, 'mutation($input: FileAppealInput!) { fileAppeal(input: $input) { appeal { id } } }', {
    input: { caseId: confirmed.id, statement: '我没有调包，退回的就是收到的商品。' },
  });
  const { tags } = await ask<{ tags: { nodes: readonly { orderNo: string }[] } }>(request, shop, '{ tags(first: 1) { nodes { orderNo } } }');
  const { restrictBuyer } = await ask<{ restrictBuyer: { restriction: { id: string } } }>(
    request,
    shop,
    'mutation($input: RestrictBuyerInput!) { restrictBuyer(input: $input) { restriction { id } userErrors { code message } } }',
    { input: { orderNo: tags.nodes[0]?.orderNo, modes: ['NO_CASH_ON_DELIVERY', 'SHORT_PAYMENT_WINDOW'], description: '多次拒收货到付款的包裹。' } },
  );
  await ask(request, adam, 'mutation($input: ProposeRevocationInput!) { proposeRevocation(input: $input) { revocation { id } } }', {
    input: { merchantId, kind: 'FALSE_REPORT', reason: '三次报告没有发生的事。', evidence: ['聊天记录 1', '聊天记录 2'], suspend: true },
  });
  await ask(request, rita, 'mutation($input: SaveViewInput!) { saveView(input: $input) { view { id } } }', {
    input: { page: 'queue', name: '高风险', search: 'risk=HIGH', shared: true },
  });
  const drafts = await preparePolicies(request, found.policy.version);
  const { createWebhookEndpoint } = await ask<{ createWebhookEndpoint: { endpoint: { id: string } } }>(
    request,
    rita,
    'mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { endpoint { id } } }',
    { input: { url: 'https://example.com/cloudtag', description: '客服系统', types: ['tag.succeeded', 'tag.expired'] } },
  );
  const webhookId = createWebhookEndpoint.endpoint.id;
  await ask(request, rita, 'mutation($input: PauseWebhookEndpointInput!) { pauseWebhookEndpoint(input: $input) { endpoint { id } } }', { input: { id: webhookId } });
  return {
    caseId: waiting.id,
    buyerId: waiting.buyer.id,
    merchantId,
    otherMerchantId,
    appealId: fileAppeal.appeal.id,
    restrictionId: restrictBuyer.restriction.id,
    webhookId,
    ...drafts,
  };
}

/** A version that asks for two people, one that waits for its start, two drafts, and one that waits for rita. */
async function preparePolicies(request: APIRequestContext, version: number): Promise<Pick<Market, 'draftId' | 'otherDraftId' | 'proposalId'>> {
  const { rita, adam } = people();
  const simulate = async (input: object) => ask(request, adam, 'query($input: PolicyInput!) { simulatePolicy(input: $input) { tags } }', { input });
  const publish = async (input: object) => {
    await simulate(input);
    const { updatePolicy } = await ask<{ updatePolicy: { draft: { id: string } | null } }>(request, adam, 'mutation($input: PolicyInput!) { updatePolicy(input: $input) { draft { id } } }', { input });
    return updatePolicy.draft?.id ?? '';
  };
  const draft = async (token: string, name: string, policy: object) => {
    const { savePolicyDraft } = await ask<{ savePolicyDraft: { draft: { id: string } } }>(request, token, 'mutation($input: SavePolicyDraftInput!) { savePolicyDraft(input: $input) { draft { id } } }', { input: { name, policy } });
    await simulate(policy);
    return savePolicyDraft.draft.id;
  };
  await publish({ basedOnVersion: version, requireApproval: true, rules: [{ scenario: 'STOCK_HOLDING', threshold: 4 }], reason: '占库存的标记先多等一票。' });
  const base = { basedOnVersion: version + 1, reason: '' };
  const draftId = await draft(adam, '两票即确认', { ...base, rules: [{ scenario: 'STOCK_HOLDING', threshold: 2 }] });
  const otherDraftId = await draft(rita, '防护', { ...base, weighVotesByRecord: true, holdUnanchored: true });
  const scheduled = await publish({ ...base, handleWithinHours: 36, startsAt: new Date(Date.now() + 14 * 86_400_000).toISOString(), reason: '双十二之后缩短处理时限。' });
  const proposalId = await publish({ ...base, holdBursts: true, reason: '短时集中打标先看一看。' });
  await ask(request, rita, 'mutation($input: DecidePolicyDraftInput!) { decidePolicyDraft(input: $input) { policy { version } } }', { input: { id: scheduled, approve: true, reason: '同意' } });
  return { draftId, otherDraftId, proposalId };
}
