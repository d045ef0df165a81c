import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { PAGE_KEYS } from '../../keys.ts'
import { MANAGER_PAGES, type ManagerPage } from '../../model.ts'
import type { ManagerProps } from '../caller-props.ts'
import { Floor } from './floor.tsx'
import { MediaPage } from './media/media-page.tsx'
import { Steer } from './steer.tsx'
import { TodayPage } from './today.tsx'
import { VoicePage } from './voice/voice-page.tsx'

const PAGE_WORDS: Record<ManagerPage, WordKey> = {
  today: 'manager.today',
  floor: 'manager.floor',
  steer: 'manager.steer',
  voice: 'manager.voice',
  media: 'manager.media',
}

function Tabs({ page, desk, onKeyAct }: ManagerProps) {
  const words = useWords()
  return (
    <nav className="manager-tabs" aria-label={words.say('manager.title')}>
      <Button kind="quiet" icon="back" keyName={PAGE_KEYS.desk} onPress={() => onKeyAct('desk')}>
        {words.say(desk.visitingManager !== null ? 'manager.signOut' : 'manager.backToDesk')}
      </Button>
      {MANAGER_PAGES.map((name) => (
        <Button
          key={name}
          kind="quiet"
          className="manager-tab"
          keyName={PAGE_KEYS[name]}
          isPressed={name === page}
          onPress={() => onKeyAct(name)}
        >
          {words.say(PAGE_WORDS[name])}
        </Button>
      ))}
      <Button kind="quiet" icon="paper" className="manager-tab" onPress={() => onKeyAct('paper')}>
        {words.say('paper.enter')}
      </Button>
    </nav>
  )
}

const PAGES = { today: TodayPage, floor: Floor, steer: Steer, voice: VoicePage, media: MediaPage } as const

/** The branch's own pages: no internet, only whoever is signed in here as its manager, with or without a counter. */
export function ManagerPages(props: ManagerProps) {
  const { page, desk } = props
  const words = useWords()
  const Shown = PAGES[page]
  return (
    <main className="manager">
      <h1 className="only-heard">
        {words.say('manager.title')} · {desk.branch?.name}
      </h1>
      <Tabs {...props} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <div className="manager-body" tabIndex={0}>
        <Shown {...props} />
      </div>
    </main>
  )
}
