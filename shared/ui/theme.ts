import { correctAccent } from './contrast.ts'

export type Theme = 'light' | 'dark'

/** The house accent, until the tenant's branding says otherwise. */
const HOUSE_ACCENT = '#14604f'

const GROUND: Record<Theme, string> = { light: '#f6f1e7', dark: '#14110c' }
/** At night a deep accent is lifted first, so that it stays a colour and does not turn to mud. */
const HOUSE_ACCENT_AT_NIGHT = '#34a68a'

/** Dresses a page: theme and accent, the accent corrected so that it can be read. */
export function applyTheme(root: HTMLElement, theme: Theme, accent: string = HOUSE_ACCENT): void {
  const chosen = theme === 'dark' && accent === HOUSE_ACCENT ? HOUSE_ACCENT_AT_NIGHT : accent
  const colours = correctAccent(chosen, GROUND[theme])
  root.setAttribute('data-theme', theme)
  root.style.setProperty('--accent-fill', colours.fill)
  root.style.setProperty('--accent-text', colours.text)
  root.style.setProperty('--on-accent', colours.onFill)
}
