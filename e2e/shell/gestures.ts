import { SCREEN_SIZE, type ScreenBox } from './screen-box.ts'

/** One try to get away from the page, by its name. */
export interface Gesture {
  readonly name: string
  readonly make: (box: ScreenBox) => Promise<void> | void
}

const letters = [...'abcdefghijklmnopqrstuvwxyz']
const functionKeys = Array.from({ length: 12 }, (_, at) => `F${at + 1}`)
const range = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${prefix}${from + at}`)

/** The staff menu, which has its own lock. */
const STAFF_KEY = 'F9'

const CHORDS: readonly string[] = [
  ...letters.map((letter) => `ctrl+${letter}`),
  ...letters.map((letter) => `ctrl+shift+${letter}`),
  ...functionKeys.filter((key) => key !== STAFF_KEY),
  ...range('ctrl+', 0, 9),
  ...'F4 F5 F6 F11 Tab Page_Up Page_Down plus minus Escape Return space Delete Home End'
    .split(' ')
    .map((key) => `ctrl+${key}`),
  ...'F3 F5 F6 F10 Escape Delete'.split(' ').map((key) => `shift+${key}`),
  ...'Tab Delete F5 plus minus Escape'.split(' ').map((key) => `ctrl+shift+${key}`),
  ...'F4 Tab Left Right Up Down Home space Return d e f g t Escape F8 F10'.split(' ').map((key) => `alt+${key}`),
  ...'shift+d shift+i shift+t shift+b shift+a'.split(' ').map((key) => `alt+${key}`),
  ...'d e l r m s Tab space Up Left p'.split(' ').map((key) => `super+${key}`),
  ...'Menu Print Help XF86Back XF86Forward XF86HomePage XF86Search XF86Refresh XF86WWW XF86Mail XF86Calculator'.split(
    ' ',
  ),
  ...'ctrl+alt+t ctrl+alt+Delete ctrl+alt+i ctrl+alt+u'.split(' '),
]

const { width, height } = SCREEN_SIZE
const PLACES = [
  { x: width / 2, y: height / 2 },
  { x: 2, y: 2 },
  { x: width - 3, y: height - 3 },
] as const

const keys = CHORDS.map((chord): Gesture => ({ name: `keys ${chord}`, make: ({ act }) => act('key', chord) }))

const mouse = PLACES.flatMap(({ x, y }): readonly Gesture[] => {
  const at = ['mousemove', String(x), String(y)]
  const of = (name: string, ...words: readonly string[]): Gesture => ({
    name: `${name} at ${x}, ${y}`,
    make: ({ act }) => act(...at, ...words),
  })
  return [
    of('right click', 'click', '3'),
    of('middle click', 'click', '2'),
    of('back button', 'click', '8'),
    of('forward button', 'click', '9'),
    of('control click', 'keydown', 'ctrl', 'click', '1', 'keyup', 'ctrl'),
    of('shift click', 'keydown', 'shift', 'click', '1', 'keyup', 'shift'),
    of('control wheel', 'keydown', 'ctrl', 'click', '4', 'click', '5', 'keyup', 'ctrl'),
    of('drag', 'mousedown', '1', 'mousemove', String(width - x), String(height - y), 'mouseup', '1'),
    of('triple click', 'click', '--repeat', '3', '1'),
  ]
})

type Point = { readonly x: number; readonly y: number }
const touch = ({ eyes }: ScreenBox, type: string, touchPoints: readonly Point[]) =>
  eyes.askPage('Input.dispatchTouchEvent', { type, touchPoints })

async function swipe(box: ScreenBox, from: Point, to: Point): Promise<void> {
  await touch(box, 'touchStart', [from])
  for (const share of [0.25, 0.5, 0.75, 1])
    await touch(box, 'touchMove', [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }])
  await touch(box, 'touchEnd', [])
}

const middle = PLACES[0]
const EDGES: readonly (readonly [string, Point])[] = [
  ['left', { x: 1, y: middle.y }],
  ['right', { x: width - 2, y: middle.y }],
  ['top', { x: middle.x, y: 1 }],
  ['bottom', { x: middle.x, y: height - 2 }],
]

const fingers: readonly Gesture[] = [
  ...EDGES.map(
    ([name, edge]): Gesture => ({ name: `swipe from the ${name}`, make: (box) => swipe(box, edge, middle) }),
  ),
  ...EDGES.map(([name, edge]): Gesture => ({ name: `swipe to the ${name}`, make: (box) => swipe(box, middle, edge) })),
  ...[0.5, 3].map(
    (factor): Gesture => ({
      name: `pinch ${factor}`,
      async make(box) {
        const apart = (by: number): readonly Point[] => [
          { x: middle.x - by, y: middle.y },
          { x: middle.x + by, y: middle.y },
        ]
        await touch(box, 'touchStart', apart(100))
        for (let step = 1; step <= 4; step += 1) await touch(box, 'touchMove', apart(100 + 25 * step * (factor - 1)))
        await touch(box, 'touchEnd', [])
      },
    }),
  ),
  {
    name: 'long press',
    async make(box) {
      await touch(box, 'touchStart', [middle])
      await new Promise((resolve) => setTimeout(resolve, 900))
      await touch(box, 'touchEnd', [])
    },
  },
]

const drop = (name: string, data: object): Gesture => ({
  name: `drop of ${name}`,
  async make({ eyes }) {
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await eyes.askPage('Input.dispatchDragEvent', {
        type,
        ...middle,
        data: { items: [], dragOperationsMask: 1, ...data },
      })
  },
})
const linkTo = (data: string) => ({ items: [{ mimeType: 'text/uri-list', data }] })
const drops: readonly Gesture[] = [
  drop('a file', { files: ['/etc/hostname'] }),
  drop('a page', { files: [import.meta.filename] }),
  drop('a link', linkTo('https://example.org/')),
  drop('a file’s link', linkTo('file:///etc/hostname')),
  drop('words', { items: [{ mimeType: 'text/plain', data: 'https://example.org/' }] }),
]

/** What somebody finds on the page to touch; none of it is ours. */
const found = (name: string, markup: string): Gesture => ({
  name: `touch of ${name}`,
  async make({ eyes, act }) {
    const style = 'position:fixed;z-index:2147483647;left:0;top:0;width:1080px;height:1200px;background:#fff'
    await eyes.evaluate(
      `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(`<div id="planted"><div style="${style}">${markup}</div></div>`)});
       document.querySelector('#planted a, #planted input, #planted button').style.cssText = ${JSON.stringify(style)}`,
    )
    act('mousemove', '540', '600', 'click', '1', 'keydown', 'ctrl', 'click', '1', 'keyup', 'ctrl', 'click', '2')
    await new Promise((resolve) => setTimeout(resolve, 60))
    await eyes.evaluate(`document.querySelector('#planted')?.remove()`)
  },
})
const links: readonly Gesture[] = [
  found('a link', '<a href="https://example.org/">.</a>'),
  found('a link to a new window', '<a href="/" target="_blank">.</a>'),
  found('a link to a file', '<a href="file:///etc/hostname">.</a>'),
  found('a link to a source', '<a href="view-source:http://127.0.0.1/">.</a>'),
  found('a download', '<a href="/index.html" download="page.html">.</a>'),
  found('a link to settings', '<a href="chrome://settings/">.</a>'),
  found('a link that is a script', '<a href="javascript:location.assign(%22about:blank%22)">.</a>'),
  found('a letter', '<a href="mailto:somebody@example.org">.</a>'),
  found('a form', '<form action="https://example.org/"><button>.</button></form>'),
  found('a form to a new window', '<form action="/" target="_blank"><button>.</button></form>'),
]

/** All that a person can do at the screen. */
export const GESTURES: readonly Gesture[] = [...keys, ...mouse, ...fingers, ...drops, ...links]

const script = (code: string): Gesture => ({
  name: `script ${code}`,
  make: async ({ eyes }) => void (await eyes.evaluate(`${code}; 0`)),
})
/** As a page has it that nobody has locked. */
const unlocked = (code: string): Gesture =>
  script(`{ const frame = document.createElement('iframe'); document.body.append(frame); const raw = frame.contentWindow;
    try { ${code} } finally { frame.remove() } }`)

/** What only a page that was turned against us could do: then its keeper alone holds it. */
export const SCRIPTS: readonly Gesture[] = [
  script(`location.href = 'https://example.org/'`),
  script(`location.assign('http://127.0.0.1:1/')`),
  script(`location.replace(location.origin + '/local/v1/state')`),
  script(`location.href = 'file:///etc/hostname'`),
  script(`location.href = 'chrome://version/'`),
  script(`location.href = 'data:text/html,away'`),
  script('history.back()'),
  script('history.forward()'),
  script('history.go(-2)'),
  script(`navigator.geolocation.getCurrentPosition(() => {})`),
  script(`Notification.requestPermission()`),
  script(`navigator.mediaDevices?.getUserMedia({ video: true, audio: true }).catch(() => {})`),
  script('document.documentElement.requestFullscreen().catch(() => {})'),
  script('document.exitFullscreen().catch(() => {})'),
  script(`showOpenFilePicker?.().catch(() => {})`),
  script(`{ const file = document.createElement('input'); file.type = 'file'; file.click() }`),
  script('print()'),
  unlocked(`raw.open.call(window, 'https://example.org/', '_blank', 'noopener')`),
  {
    name: 'a window that the browser itself opens, as by a key while the page loads',
    make: async ({ eyes }) =>
      void (await eyes.ask('Target.createTarget', { url: 'https://example.org/', newWindow: true })),
  },
  unlocked(`raw.alert.call(window, 'away')`),
  unlocked(`raw.confirm.call(window, 'away?')`),
  script(`{ const link = document.createElement('a'); link.href = URL.createObjectURL(new Blob(['away'])); link.download = 'away.txt';
    link.addEventListener('click', (event) => event.stopImmediatePropagation()); document.body.append(link); link.click(); link.remove() }`),
]
