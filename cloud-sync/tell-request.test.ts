import { pino } from 'pino'
import { expect, test } from 'vitest'
import { buildApp } from './app.ts'

test('what opens an account once, or ends a sign-in, is not in the log', async () => {
  const lines: string[] = []
  const app = buildApp(pino({ level: 'info' }, { write: (line) => void lines.push(line) }), () => Date.now())
  const paths = [
    ...['/first/SECRET', '/join/SECRET', '/reset/SECRET?x=SECRET', '/elsewhere/back?code=SECRET&state=SECRET'],
    ...['/oauth/sign-out?id_token_hint=SECRET', '/oauth/authorize/SEEN?code=SECRET', '/api/v1/tenants?after=SEEN'],
  ]
  for (const path of paths) await app.inject({ method: 'GET', url: path })
  await app.close()
  expect(lines.filter((line) => line.includes('incoming request'))).toHaveLength(paths.length)
  expect(lines.join('')).not.toContain('SECRET')
  expect(lines.join('').match(/SEEN/g)).toHaveLength(2)
})
