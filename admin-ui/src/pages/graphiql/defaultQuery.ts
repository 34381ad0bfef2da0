import type { Language } from '../../i18n/language.ts';

type Lines = readonly string[];

// What the comments of the first document say. The operations are the same in each language.
const comments: Record<Language, { readonly start: Lines; readonly submit: Lines; readonly live: Lines }> = {
  'zh-CN': {
    start: ['任何角色都可以运行：我是谁，有哪些场景。', '运行：Ctrl-Enter（Mac 为 Cmd-Enter）。'],
    submit: ['商家提交标签：1 至 20 个订单号，一个场景。', '先选中下面各行，按 Ctrl-/ 去掉 #。'],
    live: ['实时接收标签状态变化。', '带上 after 可从上次的 cursor 继续，不漏不重。'],
  },
  en: {
    start: ['Any role: who am I, and which scenarios exist?', 'Run it with Ctrl-Enter (Cmd-Enter on a Mac).'],
    submit: ['A merchant tags 1 to 20 orders, one scenario.', 'Select the lines below and press Ctrl-/ first.'],
    live: ['Status changes, live. With the argument after it', 'resumes from a cursor without gap or repeat.'],
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
    ...text.start.map(comment),
    start,
    '',
    ...text.submit.map(comment),
    comment(submitTags),
    '',
    ...text.live.map(comment),
    comment(tagStatusChanged),
    '',
  ].join('\n');
}

function comment(lines: string): string {
  return lines.replace(/^/gm, '# ');
}
