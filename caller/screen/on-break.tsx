import type { Moment } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { Button, TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatTime, formatTimer } from '#shared/words/format.ts'
import type { KeyAct } from '../keys.ts'
import { Tools } from './tools.tsx'

interface OnBreakProps {
  readonly desk: CounterDesk
  readonly post: Post
  readonly onBreak: NonNullable<Post['onBreak']>
  readonly moment: Moment
  readonly isOff: boolean
  readonly onKeyAct: (act: KeyAct) => void
}

/** Nobody is called here: the screen says so to whoever walks by, and since when. */
export function OnBreak({ desk, post, onBreak, moment, isOff, onKeyAct }: OnBreakProps) {
  const words = useWords()
  const passedMs = Math.max(0, moment.steadyMs - onBreak.sinceSteadyMs)
  const time = formatTime(moment.atMs - passedMs, words.language, desk.branch?.timezone ?? 'UTC')
  return (
    <main className="on-break">
      <section className="break-card">
        <span className="quiet-mark">
          <Icon name="pause" />
        </span>
        <h1>{words.say('caller.onBreakSince', { time })}</h1>
        <TimeText className="break-timer">{formatTimer(passedMs)}</TimeText>
        {onBreak.reasonName !== null && <p className="break-reason">{words.read(onBreak.reasonName)}</p>}
        <Button
          kind="primary"
          className="primary-act"
          keyName={words.say('caller.keySpace')}
          isDisabled={isOff}
          onPress={() => onKeyAct('primary')}
        >
          {words.say('caller.endBreak')}
        </Button>
      </section>
      <Tools
        post={post}
        hasManager={desk.agents.some(({ isManager }) => isManager)}
        isOff={isOff}
        onKeyAct={onKeyAct}
      />
    </main>
  )
}
