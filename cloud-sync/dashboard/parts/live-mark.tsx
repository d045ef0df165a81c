import { Alert } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatTimer } from '#shared/words/format.ts'
import { useHere, useWords } from '../here.tsx'
import { useLiveLine } from '../live-line.tsx'
import { LOOK_MS } from '../queries.ts'

/** Without an answer for so long nothing that is shown is of now. */
const LOST_MS = 15_000
const TICK_MS = 1_000

/** Whether what is shown is told as it happens, is asked for, or is of an earlier moment. */
export function LiveMark({ steadyAtMs }: { readonly steadyAtMs: number }) {
  const { say } = useWords()
  const { steadyMs } = useHere()
  const { isUp } = useLiveLine()
  const [, setTick] = useState(0)
  useEffect(() => {
    const ticking = setInterval(() => setTick((tick) => tick + 1), TICK_MS)
    return () => clearInterval(ticking)
  }, [])
  if (isUp === null) return null
  if (isUp) return <p className="live-mark is-up">{say('dash.live.up')}</p>
  const ageMs = steadyMs() - steadyAtMs
  return ageMs > LOST_MS ? (
    <Alert color="orange">{say('dash.live.lost', { age: formatTimer(ageMs) })}</Alert>
  ) : (
    <p className="live-mark">{say('dash.live.down', { seconds: String(LOOK_MS / 1_000) })}</p>
  )
}
