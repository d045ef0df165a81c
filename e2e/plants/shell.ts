import type { Plant } from './plant.ts'

/** A bug planted in what holds a screen, and the test that must see it; `npm test` runs them with PLANTS=all. */
export interface ShellPlant extends Plant {
  readonly testFile: string
  readonly isBuilt?: boolean
}

export const shellPlants: readonly ShellPlant[] = [
  {
    name: 'the kiosk’s page lets everything through',
    file: 'kiosk/page.tsx',
    find: 'lockPage(window)\n',
    replace: '',
    testFile: 'e2e/shell/escape.test.ts',
    isBuilt: true,
  },
  {
    name: 'the keeper of a window lets its page go anywhere',
    file: 'tools/keep-screen.ts',
    find: 'if (isOwn(request.url)) void',
    replace: 'if (requestId) void',
    testFile: 'e2e/shell/escape.test.ts',
  },
  {
    name: 'the keeper of a window lets others open',
    file: 'tools/keep-screen.ts',
    find: "void pipe.ask('Target.closeTarget', { targetId: targetInfo.targetId })",
    replace: 'void targetInfo.targetId',
    testFile: 'e2e/shell/escape.test.ts',
  },
  {
    name: 'a page that crashed stays so',
    file: 'tools/keep-screen.ts',
    find: "    else void pipe.ask('Page.navigate', { url }, sessionId)\n  }\n\n  function hearOwn",
    replace: '    else void sessionId\n  }\n\n  function hearOwn',
    testFile: 'e2e/shell/renderers.test.ts',
  },
  {
    name: 'a window may go to any page of its host',
    file: 'shared/shell/secure-window.ts',
    find: 'if (event.url === url) return',
    replace: 'if (event.url.startsWith(url)) return',
    testFile: 'shared/shell/secure-window.test.ts',
  },
  {
    name: 'a window’s page has Node',
    file: 'shared/shell/secure-window.ts',
    find: 'nodeIntegration: false',
    replace: 'nodeIntegration: true',
    testFile: 'shared/shell/secure-window.test.ts',
  },
  {
    name: 'whoever asks gets the microphone',
    file: 'shared/shell/lock-session.ts',
    find: "permission === 'media' &&",
    replace: '',
    testFile: 'shared/shell/secure-window.test.ts',
  },
  {
    name: 'a page that crashed in its window is left there',
    file: 'shared/shell/heal-window.ts',
    find: "page.on('render-process-gone', () =>",
    replace: "page.on('destroyed', () =>",
    testFile: 'shared/shell/secure-window.test.ts',
  },
  {
    name: 'a program that is not well says that it lives',
    file: 'shared/program/tell-supervisor.ts',
    find: "if (isWell?.() ?? true) say('WATCHDOG=1')",
    replace: "say('WATCHDOG=1')",
    testFile: 'shared/program/tell-supervisor.test.ts',
  },
]
