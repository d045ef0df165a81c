/** Clouds on one database tell each other by it what there is to be looked at. */
export const LIVE_CHANNEL = 'smartqueue_live'

/** What somebody may do has changed: whoever follows is asked anew at her door, on each cloud. */
const RIGHTS = 'rights'

interface Asked {
  query(sql: string, values: unknown[]): Promise<unknown>
}

/**
 * Said in the transaction that changes it, and heard once that is committed.
 * @param asker - as `askerOf` names her; null: anybody
 */
export const tellRightsChanged = (db: Asked, asker: string | null): Promise<unknown> =>
  db.query('select pg_notify($1, $2)', [LIVE_CHANNEL, asker === null ? RIGHTS : `${RIGHTS} ${asker}`])

/** @returns whose rights a notice says have changed, or null: anybody's; undefined: it says something else */
export function rightsChanged(notice: string): string | null | undefined {
  if (notice === RIGHTS) return null
  return notice.startsWith(`${RIGHTS} `) ? notice.slice(RIGHTS.length + 1) : undefined
}
