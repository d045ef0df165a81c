import type * as Electron from 'electron'

/**
 * As much of Electron as every window of ours needs, handed in by each face's `main.ts`: only there is the name `electron`
 * more than a type, so that all the rest runs in tests on plain Node.
 */
export type ElectronParts = Pick<typeof Electron, 'app' | 'BrowserWindow' | 'Menu' | 'powerSaveBlocker' | 'session'>

export type Window = Electron.BrowserWindow
export type Session = Electron.Session
