import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, type Configuration, Platform } from 'electron-builder'
import { ROOT, runToEnd } from './programs.ts'
import { FACES, stageApp } from './stage-app.ts'

// `npm run pack`: an Electron package of each face for this system, of built files alone.

const { values, positionals } = parseArgs({
  options: { dir: { type: 'boolean', default: false }, out: { type: 'string' } },
  allowPositionals: true,
})
const faces = FACES.filter((face) => positionals.length === 0 || positionals.includes(face))
const out = values.out ?? join(ROOT, 'dist', 'packages')
/** A folder with Electron's own files, where it cannot be fetched. */
const electronDist = process.env['ELECTRON_DIST']

const isBuilt =
  existsSync(join(ROOT, 'dist', 'kiosk', 'index.html')) || (await runToEnd(['vite', 'build', '--logLevel', 'warn']))
if (!isBuilt || !(await runToEnd(['vite', 'build', '--config', 'vite.windows.config.ts', '--logLevel', 'warn']))) {
  console.error('The windows could not be built.')
  process.exit(1)
}
for (const face of faces) {
  const app = stageApp(ROOT, face, join(out, face, 'app'), process.platform)
  const config: Configuration = {
    extends: join(ROOT, 'electron-builder.yml'),
    appId: `org.smartqueue.${face}`,
    productName: `SmartQueue ${face}`,
    executableName: `smartqueue-${face}`,
    electronVersion: '45.5.0',
    directories: { app, output: join(out, face, 'made') },
    ...(electronDist !== undefined && { electronDist }),
  }
  const target = values.dir ? { targets: Platform.current().createTarget('dir') } : {}
  for (const made of await build({ projectDir: ROOT, config, publish: 'never', ...target })) console.log(made)
  console.log(join(out, face, 'made'))
}
