import { describe, expect, it } from 'vitest';
import { formatsFor } from './formats.ts';

const minutes = (count: number) => count * 60_000;

describe('formatsFor', () => {
  it.each([
    [minutes(0.5), '<1分钟', '<1m'],
    [minutes(1), '1分钟', '1m'],
    [minutes(59), '59分钟', '59m'],
    [minutes(60), '1小时', '1h'],
    [minutes(-125), '2小时5分钟', '2h 5m'],
    [minutes(24 * 60), '1天', '1d'],
    [minutes(51 * 60 + 30), '2天3小时', '2d 3h'],
  ])('writes %d ms as %s and %s', (span, chinese, english) => {
    expect(formatsFor('zh-CN').duration(span)).toBe(chinese);
    expect(formatsFor('en').duration(span)).toBe(english);
  });

  it('separates a name from its value', () => {
    expect(`${formatsFor('zh-CN').label('良好交易少')}0 次`).toBe('良好交易少：0 次');
    expect(`${formatsFor('en').label('Little history')}0 good trades`).toBe('Little history: 0 good trades');
  });

  it('writes times alike in every language', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const formats = formatsFor(language);
      // A time without a zone is the person's own.
      expect(formats.dateTime('2026-06-04T01:31:07')).toBe('2026-06-04 01:31');
      expect(formats.exactTime('2026-06-04T01:31:07')).toBe('2026-06-04 01:31:07');
      expect(formats.zonedTime('2026-06-04T01:31:07')).toMatch(/^2026-06-04 01:31 UTC([+-]\d\d:\d\d)?$/);
    }
  });

  it('writes times of the platform, wherever the person is', () => {
    const shanghai = formatsFor('en', 'Asia/Shanghai');
    expect(shanghai.date('2026-06-03T16:31:07Z')).toBe('2026-06-04');
    expect(shanghai.zonedTime('2026-06-03T16:31:07Z')).toBe('2026-06-04 00:31 UTC+08:00');
    expect(shanghai.fileTime('2026-06-03T16:31:07.045Z')).toBe('2026-06-04 00:31:07.045');
    expect(formatsFor('en', 'America/New_York').dateTime('2026-03-08T07:00:00Z')).toBe('2026-03-08 03:00');
  });

  it('writes amounts, shares and numbers', () => {
    expect(formatsFor('zh-CN').money(123456, 'CNY')).toBe('¥1,234.56');
    expect(formatsFor('en').number(100000)).toBe('100,000');
    expect(formatsFor('en').percent(0.125)).toBe('12.5%');
    expect(formatsFor('en').decimal(0.333)).toBe('0.33');
  });
});
