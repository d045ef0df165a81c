import { createRoot } from 'react-dom/client'
import { browserFollower } from '#shared/client/follow-branch.ts'
import { browserSender } from '#shared/client/send-command.ts'
import { Identify } from '#shared/ui/identify.tsx'
import { lockPage } from '#shared/ui/lock-page.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { KioskApp } from './app.tsx'
import './kiosk.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for its screen')
applyTheme(document.documentElement, 'light')
lockPage(window)
const follower = browserFollower()
const send = browserSender()
createRoot(root).render(
  <>
    <KioskApp follower={follower} send={send} />
    <Identify follower={follower} send={send} />
  </>,
)
