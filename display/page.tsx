import { createRoot } from 'react-dom/client'
import { browserFollower } from '#shared/client/follow-branch.ts'
import { browserSender } from '#shared/client/send-command.ts'
import { Identify } from '#shared/ui/identify.tsx'
import { lockPage } from '#shared/ui/lock-page.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { DisplayApp } from './app.tsx'
import { browserVoice } from './voice/use-voice.ts'
import './display.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for its screen')
applyTheme(document.documentElement, 'dark')
lockPage(window)
const voice = browserVoice(() => performance.now())
const follower = browserFollower()
const send = browserSender()
createRoot(root).render(
  <>
    <DisplayApp follower={follower} send={send} voice={voice} />
    <Identify follower={follower} send={send} />
  </>,
)
