import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './dashboard.css'
import { isUnreached, openSession } from './session.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for its screen')
const steadyMs = (): number => performance.now()
createRoot(root).render(<App openSession={openSession} isUnreachable={isUnreached} steadyMs={steadyMs} />)
