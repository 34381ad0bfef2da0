import type { Language } from '../../i18n/language.ts';

// What the comments of the first document say. The operations are the same in each language.
const comments: Record<Language, { readonly start: string; readonly submit: string; readonly live: string }> = {
  'zh-CN': {
    start: '任何角色都可以运行：我是谁，有哪些场景。按 Ctrl-Enter（Mac 为 Cmd-Enter）。',
    submit: '商家提交标签（角色 MERCHANT）：1 至 20 个订单号，一个场景。去掉每行开头的 # 再运行。',
    live: '实时接收标签状态变化（WebSocket）。带上 after 可从上次的 cursor 继续，不漏不重。',
  },
  en: {
    start: 'Any role can run this: who am I, and which scenarios are there. Press Ctrl-Enter (Cmd-Enter on a Mac).',
    submit: 'A merchant submits tags (role MERCHANT): 1 to 20 order numbers, one scenario. Remove the leading # to run it.',
    live: 'Follow status changes live (WebSocket). With after it resumes from a cursor, without gap or repeat.',
  },
};

const start = `query Start {
  viewer {
    id
    roles
    merchant { id name }
  }
  scenarios {
    code
    name
    definition
    category
    effect
  }
}`;

const submitTags = `mutation SubmitTags {
  submitTags(input: {
    orderNos: ["ORDER-1", "ORDER-2"]
    scenario: "FREIGHT_INSURANCE_ARBITRAGE"
    idempotencyKey: "example-1"
  }) {
    batchId
    acceptedCount
    results {
      index
      orderNo
      accepted
      tag { status markResult reason }
      error { code message }
    }
    userErrors { code message field }
  }
}`;

const tagStatusChanged = `subscription TagStatusChanged {
  tagStatusChanged {
    cursor
    at
    previousStatus
    tag { orderNo status markResult reason }
  }
}`;

/** The document GraphiQL opens with: a query that any role may run, and two operations commented out. */
export function defaultQuery(language: Language): string {
  const text = comments[language];
  return [
    `# ${text.start}`,
    start,
    '',
    `# ${text.submit}`,
    commentedOut(submitTags),
    '',
    `# ${text.live}`,
    commentedOut(tagStatusChanged),
    '',
  ].join('\n');
}

function commentedOut(operation: string): string {
  return operation.replace(/^/gm, '# ');
}
