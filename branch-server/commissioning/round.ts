import type { DeviceId, ServiceId } from '#shared/domain/ids.ts'
import type { RoundAnswer, RoundRefused } from '#shared/wire/trials.ts'
import type { Waist } from '../waist/execute.ts'
import type { NoReport, Trials } from './trials.ts'

interface Round {
  readonly kioskId: DeviceId
  readonly displayIds: readonly DeviceId[]
  readonly serviceId: ServiceId
}

interface Shown {
  readonly displayId: DeviceId
  readonly shownMs: number | null
}

/**
 * One test ticket from its tap to the screens. Only spans of one clock are measured: the kiosk's from tap to answer, the
 * branch's from the commit to each screen's report. Their sum is more than the truth, never less: the commit came before
 * the answer, and the paint before the report.
 */
export async function playRound(
  { kioskId, displayIds, serviceId }: Round,
  waist: Waist,
  trials: Trials,
  monotonicMs: () => number,
): Promise<RoundAnswer | RoundRefused | NoReport> {
  const showing: Promise<Shown>[] = []
  const follow = async (displayId: DeviceId, seq: number, committedMs: number): Promise<Shown> => {
    const answer = await trials.order(displayId, { kind: 'paint', code: null, rings: 0, forMs: 0 })
    const isShown =
      typeof answer === 'object' && answer.report.kind === 'paint' && answer.report.painted && answer.report.seq >= seq
    return { displayId, shownMs: isShown ? monotonicMs() - committedMs : null }
  }
  // The feed has heard of the commit before: each order stands right behind the event on its display's line.
  const stop = waist.onCommit((_, events) => {
    const committedMs = monotonicMs()
    const issued = events.find(
      (event) => event.type === 'TicketIssued' && event.isTraining && event.actor.id === kioskId,
    )
    if (issued === undefined || showing.length > 0) return
    for (const displayId of displayIds) showing.push(follow(displayId, issued.seq, committedMs))
  })
  try {
    const tapped = await trials.order(kioskId, { kind: 'tap', serviceId })
    if (typeof tapped !== 'object') return tapped
    const { taken, refusal } = tapped.report.kind === 'tap' ? tapped.report : { taken: null, refusal: null }
    if (taken === null) return { refusal: refusal ?? 'InternalError' }
    // Given by the kiosk alone: no commit of ours to follow.
    if (taken.offline) return { refusal: 'BranchUnreachable' }
    const shown = await Promise.all(showing)
    return {
      tapMs: taken.tookMs,
      shownMs: Object.fromEntries(shown.map(({ displayId, shownMs }) => [displayId, shownMs])),
    }
  } finally {
    stop()
  }
}
