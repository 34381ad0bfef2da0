import { policyTexts as inEnglish } from './en/policy.ts';
import type { LateTexts } from './lateTexts.ts';
import { policyTexts as inChinese } from './zh-CN/policy.ts';

/** The texts of the policy's page. */
export const policyTexts: LateTexts<'policy'> = { 'zh-CN': inChinese, en: inEnglish };
