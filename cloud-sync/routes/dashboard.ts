import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Type } from 'typebox'
import { sendFile } from '#shared/http/send-file.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App } from '../parts.ts'

/** Everything of the page is a file of its own, of this server: no style and no script stands in it. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data: blob:"],
  ...["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}
const YEAR_S = 31_536_000

const FileParams = Type.Object({ file: Type.String({ maxLength: 200 }) }, strict)

/** @param folder - of the page as it was built */
export function registerDashboard(app: App, folder: string): void {
  const assets = join(folder, 'assets')
  /** What is there is known beforehand: no name leads anywhere else. */
  const names = new Set(existsSync(assets) ? readdirSync(assets) : [])
  const open = { config: { door: 'open' }, schema: { hide: true } } as const

  // A file's name says what is in it: it never changes.
  app.get(
    '/dashboard/assets/:file',
    { ...open, schema: { hide: true, params: FileParams } },
    async (request, reply) => {
      const { file } = request.params
      const type = TYPES[extname(file)]
      if (!names.has(file) || type === undefined) return reply.code(404).send(problem('RouteUnknown'))
      reply.header('cache-control', `public, max-age=${YEAR_S}, immutable`)
      return sendFile(request, reply, join(assets, file), type)
    },
  )

  // Every address of the page is the page: it reads there what to show.
  for (const url of ['/dashboard', '/dashboard/*'])
    app.get(url, open, async (request, reply) => {
      reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache')
      reply.header('referrer-policy', 'same-origin').header('x-content-type-options', 'nosniff')
      if (names.size === 0)
        return reply.code(503).type('text/plain').send('The dashboard is not built: run npm run build.')
      return sendFile(request, reply, join(folder, 'index.html'), 'text/html; charset=utf-8')
    })
  app.get('/', open, async (_request, reply) => reply.redirect('/dashboard/'))
}
