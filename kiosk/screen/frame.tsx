import type { ReactNode } from 'react'
import type { Language } from '#shared/domain/ids.ts'
import type { ShownMessageText } from '#shared/project/shown-message.ts'
import { Button, LanguageSwitch, StatusLine, TimeText, WovenBand } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { BranchName } from './staff/staff-gesture.tsx'

export interface FrameProps {
  readonly screenName: string
  readonly branchName: string
  readonly timeText: string
  readonly languages: readonly Language[]
  readonly language: Language
  readonly isTextLarger: boolean
  readonly areControlsDown: boolean
  readonly canGoBack: boolean
  readonly notes: {
    /** What the branch tells everybody; null most days. */
    readonly message: ShownMessageText | null
    readonly isAlone: boolean
    readonly isOutOfPaper: boolean
  }
  readonly onBack: () => void
  readonly onLanguage: (language: Language) => void
  readonly onLargerText: () => void
  readonly onControlsDown: () => void
  /** Somebody wants to the staff menu. */
  readonly onStaff: () => void
  readonly children: ReactNode
}

function Notes({ message, isAlone, isOutOfPaper }: FrameProps['notes']) {
  const words = useWords()
  if (message === null && !isAlone && !isOutOfPaper) return null
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
    </div>
  )
}

/** Around every screen: whose branch and what time it is; back, language and accessibility in their same places. */
export function Frame(props: FrameProps) {
  const words = useWords()
  const isIdle = props.screenName === 'idle'
  return (
    <div
      className="kiosk"
      data-screen={props.screenName}
      data-text={props.isTextLarger ? 'larger' : 'usual'}
      data-controls={props.areControlsDown ? 'down' : 'usual'}
    >
      <WovenBand />
      <header className="kiosk-head">
        <BranchName name={props.branchName} onStaff={props.onStaff} />
        {!isIdle && <TimeText className="head-time">{props.timeText}</TimeText>}
      </header>
      <main className="kiosk-main">
        <Notes {...props.notes} />
        {props.children}
      </main>
      <footer className="kiosk-foot">
        <div className="foot-start">
          {props.canGoBack && (
            <Button icon="back" onPress={props.onBack}>
              {words.say('common.back')}
            </Button>
          )}
        </div>
        <LanguageSwitch languages={props.languages} chosen={props.language} onChoose={props.onLanguage} />
        <div className="foot-end">
          <Button
            className="foot-access"
            icon="largerText"
            isPressed={props.isTextLarger}
            onPress={props.onLargerText}
            label={words.say('kiosk.largerText')}
          />
          <Button
            className="foot-access"
            icon="controlsDown"
            isPressed={props.areControlsDown}
            onPress={props.onControlsDown}
            label={words.say('kiosk.controlsDown')}
          />
        </div>
      </footer>
    </div>
  )
}
