import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createBreaker } from './breaker.ts'
import { openMessaging } from './messaging.ts'
import { textParts } from './render.ts'

const whole = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0123456789abcdef',
  TWILIO_PHONE_NUMBER: '+15005550006',
}

test('text messages are configured by all that they need or not at all, and the token goes nowhere in the clear', () => {
  const channelsOf = (environment: Record<string, string>): readonly string[] =>
    Object.keys(openMessaging(readConfig(environment), 'https://queue.example.org').providers)
  expect(channelsOf({})).toEqual([])
  expect(channelsOf(whole)).toEqual(['sms'])
  expect(readConfig(whole).twilio?.baseUrl).toBe('https://api.twilio.com')
  expect(readConfig({ ...whole, TWILIO_BASE_URL: 'http://127.0.0.1:9000' }).twilio?.baseUrl).toBe(
    'http://127.0.0.1:9000',
  )
  for (const name of Object.keys(whole)) {
    const { [name as keyof typeof whole]: _left, ...half } = whole
    expect(() => readConfig(half)).toThrow(new RegExp(`^${name} must be `))
  }
  for (const url of ['http://twilio.example.org', 'ftp://127.0.0.1', 'nothing'])
    expect(() => readConfig({ ...whole, TWILIO_BASE_URL: url })).toThrow(/^TWILIO_BASE_URL must be /)
})

test('a provider that fails ten times is left alone, then one is let through, and it is back once that went well', () => {
  const breaker = createBreaker()
  for (let time = 0; time < 9; time += 1) breaker.note(false, 0)
  expect(breaker.restsUntilMs(0)).toBe(0)
  breaker.note(false, 0)
  expect([breaker.restsUntilMs(1), breaker.restsUntilMs(29_999)]).toEqual([30_000, 30_000])
  expect([breaker.restsUntilMs(30_000), breaker.restsUntilMs(30_001)]).toEqual([0, 60_000])
  breaker.note(true, 30_500)
  expect(breaker.restsUntilMs(30_501)).toBe(0)
})

test('a text message is paid for in parts, which one letter beyond its alphabet makes shorter', () => {
  const parts = [
    'a'.repeat(160),
    'a'.repeat(161),
    '€'.repeat(81),
    'م'.repeat(70),
    'م'.repeat(71),
    `${'a'.repeat(159)}ç`,
  ]
  expect(parts.map(textParts)).toEqual([1, 2, 2, 1, 2, 3])
})
