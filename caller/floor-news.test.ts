import { expect, test } from 'vitest'
import { readDeadScreens } from './dead-screens.ts'
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

test('of several things said of one device the worst counts, and the branch has a line of its own when something is said of it', () => {
  const screens = [
    { deviceId: 'kiosk', name: '', screen: 'twin' },
    { deviceId: 'kiosk', name: '', screen: 'shown' },
    { deviceId: 'branch', name: 'Dakar Plateau', screen: 'jumped' },
  ]
  const devices = floorDevices([device('kiosk', 'kiosk')], [], screens)
  expect(devices?.map(({ name, kind, screen }) => [name, kind, screen])).toEqual([
    ['Dakar Plateau', 'branch', 'jumped'],
    ['kiosk', 'kiosk', 'twin'],
  ])
  expect(readDeadScreens(screens)).toEqual([{ kiosk: '', screen: 'twin' }])
})
