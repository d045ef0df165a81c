import { expect, test } from 'vitest'
import { floorDevices } from './floor-news.ts'

const device = (deviceId: string, kind: string, isInContact = true) => ({ deviceId, kind, name: deviceId, isInContact })
const printer = (hint: string) => ({ hint, online: true, paper: 'ok', cover: 'closed', capability: 'confirmed' })

test('devices that need a hand stand first, then kiosks, displays and callers by name', () => {
  const contacts = [
    device('caller b', 'caller'),
    device('caller a', 'caller'),
    device('display', 'display', false),
    device('kiosk calm', 'kiosk'),
    device('kiosk', 'kiosk'),
    device('kiosk frozen', 'kiosk'),
  ]
  const printers = [
    { deviceId: 'kiosk', name: '', printers: [printer('ready'), printer('load-paper')], isMute: true },
    { deviceId: 'kiosk calm', name: '', printers: [printer('ready')] },
  ]
  const devices = floorDevices(contacts, printers, [{ deviceId: 'kiosk frozen', name: '', screen: 'frozen' }])
  expect(devices?.map(({ name }) => name)).toEqual([
    ...['kiosk', 'kiosk frozen', 'display', 'kiosk calm', 'caller a', 'caller b'],
  ])
  expect(devices?.[0]).toMatchObject({ printers: ['ready', 'load-paper', 'no-voice'], screen: null })
})

test('an answer that is none says nothing, and a part that is missing hides no device', () => {
  expect(floorDevices({ code: 'BranchUnreachable' }, [], [])).toBeNull()
  expect(floorDevices([device('kiosk', 'kiosk')], null, null)).toMatchObject([{ screen: null, printers: [] }])
})
