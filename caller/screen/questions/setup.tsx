import { Switch } from '#shared/ui/choose.tsx'
import { Dialog } from '#shared/ui/dialog.tsx'
import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { ButtonAct } from '../../devices/buttons.ts'
import type { PressesState } from '../../devices/global-keys.ts'
import { ACT_KEYS, PAGE_KEYS } from '../../keys.ts'
import type { DeskSettings } from '../../settings.ts'
import { SIDE_WORDS, TOOL_WORDS } from '../primary.ts'

/** What this one device is set to, and what can be pressed at it. */
export interface SetupProps {
  readonly settings: DeskSettings
  readonly onSettings: (settings: DeskSettings) => void
  readonly presses: PressesState | null
}

const ACT_WORDS: Record<ButtonAct | 'setup', WordKey> = { ...SIDE_WORDS, ...TOOL_WORDS, primary: 'caller.primary' }

interface KeyLine {
  readonly keys: readonly string[]
  readonly word: WordKey
}

function KeyList({ title, lines }: { readonly title: string; readonly lines: readonly KeyLine[] }) {
  const words = useWords()
  return (
    <section className="key-list">
      <h3>{title}</h3>
      <dl>
        {lines.map(({ keys, word }) => (
          <div key={keys.join()}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className="key-name" dir="ltr">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{words.say(word)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The sound, the colours, every key, and how the push-button is. */
export function Setup({ settings, onSettings, presses, onClose }: SetupProps & { readonly onClose: () => void }) {
  const words = useWords()
  const here: readonly KeyLine[] = [
    { keys: [words.say('caller.keySpace')], word: 'caller.primary' },
    ...Object.entries(SIDE_WORDS).map(([act, word]) => ({ keys: [ACT_KEYS[act as keyof typeof SIDE_WORDS]], word })),
    ...Object.entries(TOOL_WORDS).map(([act, word]) => ({ keys: [ACT_KEYS[act as keyof typeof TOOL_WORDS]], word })),
    { keys: ['↑', '↓'], word: 'caller.walkRows' },
    { keys: [PAGE_KEYS.paper], word: 'paper.enter' },
    { keys: [ACT_KEYS.manage], word: 'manager.title' },
  ]
  const everywhere = (presses?.globalKeys ?? []).map(({ accelerator, act }) => ({
    keys: accelerator.replace('Control', 'Ctrl').split('+'),
    word: ACT_WORDS[act],
  }))
  return (
    <Dialog
      title={words.say('caller.setupTitle')}
      onClose={onClose}
      problem=""
      deed={null}
      closeText={words.say('caller.done')}
    >
      <Switch
        text={words.say('caller.sound')}
        help={words.say('caller.soundHelp')}
        isOn={settings.isSoundOn}
        onSwitch={(isSoundOn) => onSettings({ ...settings, isSoundOn })}
      />
      <Switch
        text={words.say('caller.night')}
        isOn={settings.theme === 'dark'}
        onSwitch={(isNight) => onSettings({ ...settings, theme: isNight ? 'dark' : 'light' })}
      />
      {presses?.isButtonThere != null && (
        <StatusLine
          icon={presses.isButtonThere ? 'circle' : 'noContact'}
          tone={presses.isButtonThere ? 'calm' : 'warn'}
        >
          {words.say('caller.button')} · {words.say(presses.isButtonThere ? 'caller.buttonThere' : 'caller.buttonAway')}
        </StatusLine>
      )}
      <KeyList title={words.say('caller.keysHere')} lines={here} />
      {everywhere.length > 0 && <KeyList title={words.say('caller.keysEverywhere')} lines={everywhere} />}
    </Dialog>
  )
}
