import { existsSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions } from 'vite'
import { endBuild, forgetOlder, keepPlaces, programs } from './vite.programs.ts'

const FACES = ['kiosk', 'display', 'caller'] as const
/** Served by the cloud under /dashboard, at addresses of any depth: it names its files from the root. */
const DASHBOARD = 'cloud-sync/dashboard'

/** One face: dist/<face>/index.html with all it needs beside it, for its host serves that folder and nothing else. */
function face(page: string, assetsDir: string): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      assetsDir,
      // Everything is a file of its own: the hosts' content security policy allows no data addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: page },
    },
  }
}

export default defineConfig(({ command, mode }) => {
  // Whoever starts it: React has another, slower program for whatever else this says, and it would be in the pages for good.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  const isGallery = mode === 'gallery'
  const pages = FACES.filter((name) => isGallery || existsSync(`${name}/index.html`))
  const faces = Object.fromEntries(
    pages.map((name) =>
      isGallery
        ? [name, face(`e2e/gallery/${name}.html`, `e2e/gallery/${name}-assets`)]
        : [name, face(`${name}/index.html`, `${name}/assets`)],
    ),
  )
  const environments = isGallery
    ? faces
    : { ...faces, dashboard: face(`${DASHBOARD}/index.html`, `${DASHBOARD}/assets`) }
  return {
    appType: 'mpa',
    // Relative addresses: the page is the root of its host.
    base: './',
    experimental: {
      // A page lies beside its assets folder, and a host serves that place as its root.
      renderBuiltUrl: (filename, { hostType }) =>
        hostType === 'html'
          ? filename.replace(/^.*\/(?=[^/]*assets\/)/, filename.startsWith(DASHBOARD) ? '/dashboard/' : './')
          : { relative: true },
    },
    plugins: [react(), keepPlaces(import.meta.dirname)],
    environments: isGallery ? environments : { ...environments, ...programs },
    builder: {
      buildApp: async (builder) => {
        const startedAtMs = Date.now()
        for (const name of Object.keys(environments)) {
          const environment = builder.environments[name]
          if (environment === undefined) continue
          const { outDir, assetsDir } = environment.config.build
          await builder.build(environment)
          // Not before it: a host may be serving this very folder, and a page without its style sheet is a white screen.
          forgetOlder(join(outDir, assetsDir), startedAtMs)
        }
        if (isGallery || builder.environments['programs'] === undefined) return
        await builder.build(builder.environments['programs'])
        endBuild(startedAtMs)
      },
    },
  }
})
