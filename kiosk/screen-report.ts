import type { HostLog } from '#shared/host/host-log.ts'
import type { PageWatch } from '#shared/host/page-watch.ts'
import { type TellingHost, tellBranch } from '#shared/host/tell-branch.ts'
import { SCREENS_TOLD_MS } from '#shared/wire/screens.ts'

/** Tells the branch whether this kiosk's screen is alive, so that somebody walks to one that is not. */
export function reportScreen(host: TellingHost, pages: Pick<PageWatch, 'state' | 'onState'>, log: HostLog) {
  const teller = tellBranch({
    host,
    path: '/api/v1/devices/self/screen',
    everyMs: SCREENS_TOLD_MS,
    body() {
      const screen = pages.state()
      return screen === null ? null : { screen }
    },
    log,
  })
  pages.onState(teller.tellNow)
  return teller
}
