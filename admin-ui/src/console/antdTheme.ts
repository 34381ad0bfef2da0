import { theme, type ThemeConfig } from 'antd';
import type { Density } from '../preferences/density.ts';

/** How a page looks once the system's preference is resolved. */
export type Appearance = 'light' | 'dark';

const shared = {
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  borderRadius: 6,
};

// antd's own blue, greyed text and link colour miss 4.5:1 against their grounds; these don't. The grounds are those of base.css.
const tokens: Record<Appearance, NonNullable<ThemeConfig['token']>> = {
  light: {
    ...shared,
    colorPrimary: '#0958d9',
    colorPrimaryHover: '#0b4fc0',
    colorLink: '#0958d9',
    colorError: '#b3261e',
    colorErrorHover: '#8a1c15',
    colorText: '#17202b',
    colorTextSecondary: '#4d5a69',
    colorTextDescription: '#4d5a69',
    colorTextPlaceholder: '#5d6875',
    colorTextDisabled: 'rgba(0, 0, 0, 0.58)',
    colorBorder: '#7b8794',
  },
  dark: {
    ...shared,
    colorPrimary: '#2a6fdb',
    colorPrimaryHover: '#1f5fc4',
    colorLink: '#8ab8ff',
    colorError: '#ff8f87',
    colorErrorHover: '#ffada7',
    colorBgBase: '#10141a',
    colorBgContainer: '#1a2028',
    colorBgElevated: '#1f2731',
    colorText: '#e8edf3',
    colorTextSecondary: '#aab6c3',
    colorTextDescription: '#aab6c3',
    colorTextPlaceholder: '#95a2b0',
    colorTextDisabled: 'rgba(255, 255, 255, 0.55)',
    colorBorder: '#7d8b9a',
  },
};

const controlHeights: Record<Density, number> = { comfortable: 34, compact: 28 };

export function antdTheme(appearance: Appearance, density: Density): ThemeConfig {
  return {
    algorithm: appearance === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: { ...tokens[appearance], controlHeight: controlHeights[density] },
    // The dark red is light enough to be read as text; on it, text has to be dark.
    ...(appearance === 'dark' ? { components: { Button: { dangerColor: '#240c0a', defaultHoverColor: '#8ab8ff', defaultHoverBorderColor: '#8ab8ff', defaultActiveColor: '#8ab8ff', defaultActiveBorderColor: '#8ab8ff' } } } : {}),
  };
}
