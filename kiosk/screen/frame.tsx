import type { ReactNode } from 'react'
import type { Language } from '#shared/domain/ids.ts'
import type { ShownMessageText } from '#shared/project/shown-message.ts'
import { Button, LanguageSwitch, StatusLine, TimeText, WovenBand } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { Access } from '../access.ts'
import type { KioskEvent } from '../model.ts'
import { BranchName } from './staff/staff-gesture.tsx'
import { StillThere } from './still-there.tsx'

export interface FrameProps {
  readonly screenName: string
  readonly branchName: string
  readonly timeText: string
  readonly languages: readonly Language[]
  readonly language: Language
  readonly access: Access
  /** null: the end of the visit is not near. */
  readonly warnedLeftMs: number | null
  readonly canGoBack: boolean
  readonly notes: {
    /** What the branch tells everybody; null most days. */
    readonly message: ShownMessageText | null
    readonly isAlone: boolean
    readonly isOutOfPaper: boolean
    /** Somebody wants to listen, and the kiosk cannot speak. */
    readonly isSpeechMissing: boolean
  }
  /** Somebody wants to the staff menu. */
  readonly onStaff: () => void
  readonly onEvent: (event: KioskEvent) => void
  readonly children: ReactNode
}

function Notes({ message, isAlone, isOutOfPaper, isSpeechMissing }: FrameProps['notes']) {
  const words = useWords()
  if (message === null && !isAlone && !isOutOfPaper && !isSpeechMissing) return null
  return (
    <div className="notes">
      {message !== null && (
        <StatusLine
          icon={message.kind === 'delay' ? 'hourglass' : 'advice'}
          tone={message.kind === 'delay' ? 'warn' : 'calm'}
        >
          {words.read(message.text)}
        </StatusLine>
      )}
      {isAlone && <StatusLine icon="noContact">{words.say('kiosk.noServerNote')}</StatusLine>}
      {isOutOfPaper && (
        <StatusLine icon="paper" tone="warn">
          {words.say('kiosk.noPaperNote')}
        </StatusLine>
      )}
      {isSpeechMissing && (
        <StatusLine icon="person" tone="warn">
          {words.say('access.noSpeech')}
        </StatusLine>
      )}
    </div>
  )
}

type FootProps = Pick<FrameProps, 'languages' | 'language' | 'access' | 'canGoBack' | 'onEvent'>

/** Back, language and accessibility, in their same places on every screen. */
function Foot({ languages, language, access, canGoBack, onEvent }: FootProps) {
  const words = useWords()
  return (
    <footer className="kiosk-foot">
      <div className="foot-start">
        {canGoBack && (
          <Button icon="back" onPress={() => onEvent({ type: 'back' })}>
            {words.say('common.back')}
          </Button>
        )}
      </div>
      <LanguageSwitch
        languages={languages}
        chosen={language}
        onChoose={(chosen) => onEvent({ type: 'speak', language: chosen })}
      />
      <div className="foot-end">
        {access.isHeard && (
          <>
            <Button icon="quieter" label={words.say('access.quieter')} onPress={() => onEvent({ type: 'quieter' })} />
            <Button icon="louder" label={words.say('access.louder')} onPress={() => onEvent({ type: 'louder' })} />
          </>
        )}
        <Button className="foot-access" icon="access" onPress={() => onEvent({ type: 'switch-access' })}>
          {words.say(access.isOn ? 'access.off' : 'access.on')}
        </Button>
      </div>
    </footer>
  )
}

/** Around every screen: whose branch and what time it is, what is touched on all of them, and the end of the visit. */
export function Frame(props: FrameProps) {
  const isIdle = props.screenName === 'idle'
  const { access, warnedLeftMs, onEvent } = props
  return (
    <div className="kiosk" data-screen={props.screenName} data-mode={access.isOn ? 'accessible' : 'usual'}>
      <WovenBand />
      <header className="kiosk-head">
        <BranchName name={props.branchName} onStaff={props.onStaff} />
        {!isIdle && <TimeText className="head-time">{props.timeText}</TimeText>}
      </header>
      <main className="kiosk-main">
        <Notes {...props.notes} />
        {props.children}
      </main>
      {warnedLeftMs !== null && <StillThere leftMs={warnedLeftMs} onEvent={onEvent} />}
      <Foot {...props} />
    </div>
  )
}
