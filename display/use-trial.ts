import { useEffect, useState } from 'react'
import type { BranchView } from '#shared/client/follow-state.ts'
import { type SendCommand, unread } from '#shared/client/send-command.ts'
import type { Player } from './voice/player.ts'

/** Between two rings, so that they can be counted. */
const PAUSE_MS = 500

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Two frames on, what was drawn before stands on the glass; a page that nobody sees gets no frames. */
const painted = (): Promise<unknown> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

async function ringTimes(player: Player, count: number): Promise<number> {
  let rung = 0
  for (let each = 0; each < count; each += 1) {
    if (await player.ring(false)) rung += 1
    await rest(PAUSE_MS)
  }
  return rung
}

/**
 * Does what the installer tries out on this screen, and tells it once it is painted.
 * @returns the code to show; null: the screen is as always
 */
export function useTrial({ trial, state }: BranchView, send: SendCommand, player: Player): string | null {
  const [overId, setOverId] = useState('')
  const seq = state?.seq ?? 0
  useEffect(() => {
    if (trial === null) return
    const { trialId, order } = trial
    const tell = async (): Promise<void> => {
      await painted()
      const rung = await ringTimes(player, order.rings)
      await send(`/local/v1/trials/${trialId}`, { kind: 'paint', painted: true, seq, rung }, unread)
    }
    void tell()
    const timer = setTimeout(() => setOverId(trialId), order.forMs)
    return () => clearTimeout(timer)
  }, [trial, send, player])
  return trial === null || trial.trialId === overId ? null : trial.order.code
}
