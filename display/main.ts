import { join } from 'node:path'
import { app, BrowserWindow, Menu, powerSaveBlocker, session } from 'electron'
import { pino } from 'pino'
import { logOutput } from '#shared/program/log-output.ts'
import { runShell } from '#shared/shell/run-shell.ts'

// The lobby screen as an Electron program: its host in this process, its page in the one window.

if (app.isPackaged) process.env['DISPLAY_APP_DATA_DIR'] ??= join(app.getPath('userData'), 'display')

runShell({
  electron: { app, BrowserWindow, Menu, powerSaveBlocker, session },
  log: pino({ level: 'info' }, logOutput()),
  isScreen: true,
  title: 'SmartQueue',
  startHost: async () => (await import('./run.ts')).running,
})
