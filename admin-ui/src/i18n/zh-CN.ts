import { caseTexts } from './zh-CN/case.ts';
import { consoleTexts } from './zh-CN/console.ts';
import type { deskTexts } from './zh-CN/desk.ts';
import { insightTexts } from './zh-CN/insight.ts';
import { peopleTexts } from './zh-CN/people.ts';
import type { policyTexts } from './zh-CN/policy.ts';
import { reviewTexts } from './zh-CN/review.ts';
import type { shopTexts } from './zh-CN/shop.ts';
import { teamTexts } from './zh-CN/team.ts';
import { webhookTexts } from './zh-CN/webhooks.ts';

export const zhCN = {
  ...consoleTexts,
  ...reviewTexts,
  ...caseTexts,
  ...insightTexts,
  ...peopleTexts,
  ...teamTexts,
  ...webhookTexts,
  brand: '云标签 CloudTag',
  title: { start: '云标签 CloudTag', graphiql: 'GraphiQL · 云标签 CloudTag' },
  language: { label: '语言' },
  theme: { label: '外观', system: '自动', light: '浅色', dark: '深色' },
  nav: { label: '页面', buyers: '买家', merchants: '商家', appeals: '申诉', secondReviews: '复核', restrictions: '买家限制', collusion: '串通分析', webhooks: 'Webhook 推送', start: '开放接口', graphiql: 'GraphiQL', queue: '审核队列', inbox: '与我有关', shop: '店铺打标', shopRestrictions: '买家限权', shopInsurance: '运费险答复', shopRecord: '店铺档案', dashboard: '数据看板', policy: '策略', activity: '动态', log: '日志' },
  start: {
    heading: '云标签',
    intro: '商家为买家存在滥用行为的订单打标，多家独立商家的标签与平台风险数据一起，在 48 小时内形成平台决定。',
  },
  signIn: {
    heading: '登录',
    development: '请打开 <run>make run</run> 打印的登录链接（每个角色一条），或在下方粘贴 <token>cloudtag token --dev</token> 生成的令牌。',
    noProvider: '此服务器尚未接入身份提供方。运维人员可用 <issuer>--oidc-issuer</issuer> 和 <client>--oidc-client-id</client> 接入（见 <doc>docs/operations.md</doc> 的“Authentication”）；在此之前，请向其索取由 <token>cloudtag token</token> 生成的令牌，粘贴在下方。',
    atProvider: '使用账号登录',
    atProviderBeside: '在新窗口中登录',
    providerAway: '服务器暂时无法连接身份提供方，无法使用账号登录。请稍后刷新本页。',
    withToken: '改用令牌登录',
    going: '正在前往身份提供方…',
    arriving: '正在登录…',
    arrived: '已登录。请关闭此窗口，回到原来的窗口继续。',
    again: '重试',
    failed: {
      insecure: '使用账号登录需要 https 页面，本页来自 {{detail}}。请向运维人员索取 https 地址。',
      away: '暂时无法询问身份提供方（{{detail}}）。请稍后重试。',
      unknown: '此次登录在其他标签页中开始，或已经结束（{{detail}}）。请重新登录。',
      denied: '身份提供方未能让您登录：{{detail}}',
      failed: '身份提供方的回答无法使用（{{detail}}）。请告知运维人员。',
    },
    label: '令牌或登录链接',
    hint: '保存在本浏览器中，所有标签页共用，直到退出登录。',
    submit: '登录',
    invalid: '这不是令牌，也不是登录链接。令牌由字母、数字和 . - _ 组成，中间没有空格。',
    signOut: '退出登录',
    signedOut: '未登录',
    offer: {
      title: '要换成其他人登录吗？',
      now: '当前登录',
      link: '链接属于',
      text: '您打开了另一个人的登录链接。更换只影响本标签页，其中尚未保存的内容会丢失。如果这不是您预期的链接，请保持当前登录。',
      unknown: '未标明用户的令牌',
      stay: '保持当前登录',
      change: '在本标签页中更换',
    },
  },
  viewer: {
    heading: '当前身份',
    asking: '正在向服务器确认身份…',
    id: '用户',
    roles: '角色',
    noRoles: '无',
    merchant: '店铺',
    as: '{{id}} · {{roles}}',
    retry: '重试',
  },
  failure: {
    refused: '服务器不接受此登录：已过期、被撤销，或由其他密钥签发（UNAUTHENTICATED）。请重新登录。',
    unauthenticated: '服务器要求登录（UNAUTHENTICATED）。',
    unreachable: '无法连接服务器。请确认 cloudtag serve 正在运行，然后重试。',
    badAnswer: '服务器的回答不是 GraphQL（{{message}}）。请检查前面的代理。',
    other: '服务器报告错误 {{code}}：{{message}}',
    requestId: '请求编号 {{requestId}}',
  },
  role: {
    MERCHANT: '商家',
    REVIEWER: '审核员',
    ADMIN: '管理员',
    PLATFORM: '平台服务',
    AUDITOR: '审计员',
  },
  explore: {
    heading: '试用接口',
    text: 'GraphiQL 内置文档、查询构建器、历史记录和实时订阅，会沿用当前登录。',
    open: '打开 GraphiQL',
  },
  endpoints: {
    heading: '接口地址',
    http: 'HTTP',
    httpUse: 'POST（JSON），查询也可用 GET',
    sse: 'SSE',
    sseUse: '订阅：Accept: text/event-stream',
    webSocket: 'WebSocket',
    webSocketUse: '订阅：graphql-transport-ws',
    auth: '请求头 <header>Authorization: Bearer …</header>；WebSocket 在 <init>connection_init</init> 中带 <payload>{"authorization": "Bearer …"}</payload>。',
    copy: '复制 {{name}} 地址',
    copied: '已复制 {{name}} 地址',
  },
};

/** What is there from the first load on. */
export type FirstTexts = typeof zhCN;

export type Texts = FirstTexts & typeof shopTexts & typeof deskTexts & typeof policyTexts;
