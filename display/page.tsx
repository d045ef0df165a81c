import { createRoot } from 'react-dom/client'
import { browserFollower } from '#shared/client/follow-branch.ts'
import { browserSender } from '#shared/client/send-command.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { DisplayApp } from './app.tsx'
import { createChime } from './devices/chime.ts'
import './display.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for its screen')
applyTheme(document.documentElement, 'dark')
createRoot(root).render(<DisplayApp follower={browserFollower()} send={browserSender()} chime={createChime()} />)
