import { useState } from 'preact/hooks';

type Theme = 'auto' | 'dark' | 'light';

const NEXT: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };
const KEY = 'luo-abi-theme';

/** Dark, light, or what the system says; kept where the browser lets a page keep things. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  document.documentElement.dataset.theme = theme;
  const turn = (): void => {
    const next = NEXT[theme];
    setTheme(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A page from a file may keep nothing.
    }
  };
  return (
    <button type="button" class="tool" onClick={turn} aria-label={`Theme: ${theme}`}>
      <span aria-hidden="true">{theme === 'dark' ? '☾' : theme === 'light' ? '☀' : '◐'}</span> {theme}
    </button>
  );
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'dark' || stored === 'light' ? stored : 'auto';
  } catch {
    return 'auto';
  }
}
