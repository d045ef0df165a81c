import { createRoot } from 'react-dom/client'
import { browserFollower } from '#shared/client/follow-branch.ts'
import { browserSender } from '#shared/client/send-command.ts'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { Identify } from '#shared/ui/identify.tsx'
import { CallerApp } from './app.tsx'
import './caller.css'

const LANGUAGE_PLACE = 'smartqueue.language'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for its screen')
/** `/?bar`: the small bar over other programs. */
const isBar = new URLSearchParams(location.search).has('bar')
const remembered = localStorage.getItem(LANGUAGE_PLACE)
const follower = browserFollower(isBar)
const send = browserSender()
createRoot(root).render(
  <>
    <CallerApp
      isBar={isBar}
      kept={localStorage}
      follower={follower}
      send={send}
      rememberedLanguage={LANGUAGES.find((language) => language === remembered) ?? null}
      rememberLanguage={(language) => localStorage.setItem(LANGUAGE_PLACE, language)}
    />
    <Identify follower={follower} send={send} />
  </>,
)
