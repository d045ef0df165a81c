// Stands in for Electron where its program is started on plain Node: it knows every call and does nothing, but says which
// page a window loads. What is called and how is checked on the strict fake (shared/shell/testing/fake-electron.ts).
const anything = () =>
  // One that can be called and made.
  new Proxy(class {}, {
    get: (_target, name) => {
      if (name === 'then') return undefined
      if (name === 'loadURL')
        return (url) => {
          console.log(`LOADED ${url}`)
          return Promise.resolve()
        }
      if (name === 'isDestroyed') return () => false
      return anything()
    },
    apply: () => anything(),
    construct: () => anything(),
  })

export const app = new Proxy(
  { isPackaged: false, whenReady: () => Promise.resolve(), getLocale: () => 'fr', exit: process.exit },
  { get: (known, name) => (name in known ? known[name] : anything()) },
)
export const BrowserWindow = anything()
export const globalShortcut = anything()
export const Menu = anything()
export const nativeImage = anything()
export const powerSaveBlocker = anything()
export const session = anything()
export const Tray = anything()
