import type { ResponsePacket } from 'multicast-dns'
import { expect, test } from 'vitest'
import { SERVICE_NAME } from '../network/multicast.ts'
import { candidatesIn, createShares } from './search-network.ts'

const NAME = `a branch.${SERVICE_NAME}`

function packet(key: string, address: string): Partial<ResponsePacket> {
  return {
    answers: [{ name: SERVICE_NAME, type: 'PTR', data: NAME }],
    additionals: [
      { name: NAME, type: 'SRV', data: { port: 7070, target: 'box.local' } },
      { name: NAME, type: 'TXT', data: [`key=${key}`] },
      { name: 'box.local', type: 'A', data: address },
    ],
  }
}

test('a branch that answers is looked for at what it says and at where its answer came from', () => {
  expect(candidatesIn(packet('k1', '10.0.0.5'), '10.0.0.9')).toEqual([
    { url: 'https://10.0.0.9:7070', fingerprint: 'k1' },
    { url: 'https://10.0.0.5:7070', fingerprint: 'k1' },
  ])
})

test('two that answer under one name are two', () => {
  const urls = [packet('k1', '10.0.0.66'), packet('k1', '10.0.0.5')].flatMap((it) => candidatesIn(it, '10.0.0.1'))
  expect(urls.map(({ url }) => url)).toContain('https://10.0.0.66:7070')
  expect(urls.map(({ url }) => url)).toContain('https://10.0.0.5:7070')
})

test('what is no branch, or says no port, is nobody', () => {
  expect(candidatesIn({ answers: [{ name: '_ipp._tcp.local', type: 'PTR', data: 'a printer' }] }, '10.0.0.1')).toEqual(
    [],
  )
  expect(candidatesIn({ answers: [{ name: SERVICE_NAME, type: 'PTR', data: NAME }] }, '10.0.0.1')).toEqual([])
  expect(candidatesIn({}, '10.0.0.1')).toEqual([])
})

test('one that says a hundred places takes nobody else’s turn, and nobody is tried twice', () => {
  const isLetIn = createShares()
  const at = (url: string) => ({ url, fingerprint: 'k1' })
  const liar = Array.from({ length: 100 }, (_, index) => isLetIn(at(`https://10.0.1.${index}:7070`), '10.0.0.66'))
  expect(liar.filter((it) => it)).toHaveLength(4)
  expect(isLetIn(at('https://10.0.0.5:7070'), '10.0.0.5')).toBe(true)
  expect(isLetIn(at('https://10.0.0.5:7070'), '10.0.0.5')).toBe(false)
  const crowd = Array.from({ length: 100 }, (_, index) => isLetIn(at(`https://10.0.2.${index}:1`), `10.0.2.${index}`))
  expect(crowd.filter((it) => it)).toHaveLength(30)
})
