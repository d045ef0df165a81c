import { useEffect, useState } from 'react'
import type { BranchFollower } from '../client/follow-branch.ts'
import { type SendCommand, unread } from '../client/send-command.ts'
import { useBranchView } from '../client/use-branch.ts'
import { LANGUAGES } from '../domain/ids.ts'
import { APPLIED } from '../wire/outcomes.ts'
import { createWords } from '../words/create-words.ts'
import { directionOf } from '../words/speaker.ts'

interface IdentifyProps {
  readonly follower: BranchFollower
  readonly send: SendCommand
}

/** Two frames on, what was drawn before stands on the glass; a page that nobody sees gets no frames. */
const painted = (): Promise<unknown> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

/** Whether the screen shows what it is called. */
function useIdentified({ follower, send }: IdentifyProps): {
  readonly name: string
  readonly isAsked: boolean
  readonly hide: () => void
} {
  const { identify, device } = useBranchView(follower)
  const [overId, setOverId] = useState('')
  useEffect(() => {
    if (identify === null) return
    const { orderId, forMs } = identify
    const tell = async (): Promise<void> => {
      await painted()
      await send(`/local/v1/orders/${orderId}`, { outcome: APPLIED }, unread)
    }
    void tell()
    const timer = setTimeout(() => setOverId(orderId), forMs)
    return () => clearTimeout(timer)
  }, [identify, send])
  return {
    name: device?.name ?? '',
    isAsked: identify !== null && identify.orderId !== overId,
    // This asking alone: whoever asks once more wants to see the name once more.
    hide: () => setOverId(identify?.orderId ?? ''),
  }
}

/**
 * What this device is called, large and in every language of ours, because head office has somebody look which one it is.
 * Below an emergency, which nothing covers; whoever stands before it takes it away by a touch.
 */
export function Identify(props: IdentifyProps) {
  const { name, isAsked, hide } = useIdentified(props)
  if (!isAsked) return null
  return (
    <section className="identify" role="status" onPointerDown={hide}>
      <p className="identify-name">
        <bdi>{name}</bdi>
      </p>
      {LANGUAGES.map((language) => (
        <p key={language} lang={language} dir={directionOf(language)}>
          {createWords(language).say('common.nameOfDevice')}
        </p>
      ))}
    </section>
  )
}
