import { join } from 'node:path'
import { app, BrowserWindow, globalShortcut, Menu, nativeImage, powerSaveBlocker, session, Tray } from 'electron'
import { pino } from 'pino'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { logOutput } from '#shared/program/log-output.ts'
import { runShell } from '#shared/shell/run-shell.ts'
import { createWords } from '#shared/words/create-words.ts'
import { openDesk } from './desk-window.ts'
import type { CallerHost } from './host.ts'

// The caller as an Electron program: its host in this process, the desk in a window, a bar over other programs, an icon
// in the tray, and keys of the whole machine.

if (app.isPackaged) process.env['CALLER_DATA_DIR'] ??= join(app.getPath('userData'), 'caller')

let host: CallerHost | null = null

runShell({
  electron: { app, BrowserWindow, Menu, powerSaveBlocker, session },
  log: pino({ level: 'info' }, logOutput()),
  isScreen: false,
  title: 'SmartQueue',
  size: { width: 1280, height: 800 },
  // The voice of a branch may be recorded at a desk.
  mayListen: true,
  startHost: async () => {
    host = (await import('./run.ts')).running
    return host
  },
  onOpen: (opened) => {
    const language = LANGUAGES.find((it) => app.getLocale().startsWith(it)) ?? 'fr'
    if (host !== null) openDesk({ app, globalShortcut, Menu, nativeImage, Tray }, opened, host, createWords(language))
  },
})
