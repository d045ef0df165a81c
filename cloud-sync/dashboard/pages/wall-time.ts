/** What clocks of that zone show, as an input takes it: `2026-11-30T06:00`. */
export const wallTime = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
    .format(atMs)
    .replace(' ', 'T')

const asUtcMs = (wall: string): number => Date.parse(`${wall}Z`)

/**
 * When clocks of that zone show this. An hour that comes twice is taken once; one that is left out is the hour beside it.
 * @returns null: it is no time
 */
export function instantOf(wall: string, timeZone: string): number | null {
  const wallMs = asUtcMs(wall)
  if (Number.isNaN(wallMs)) return null
  const aheadMs = (atMs: number): number => asUtcMs(wallTime(atMs, timeZone)) - Math.floor(atMs / 60_000) * 60_000
  // How far the zone is ahead is asked about twice: the first guess may lie beyond a change of its clocks.
  return wallMs - aheadMs(wallMs - aheadMs(wallMs))
}
