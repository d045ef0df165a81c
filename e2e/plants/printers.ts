import type { Plant } from './plant.ts'

export const takenForPrinted: Plant = {
  name: 'bytes that were taken count as printed',
  file: 'kiosk/devices/escpos-printer.ts',
  find: "    if (isTaken !== true) return 'uncertain'\n",
  replace: "    return isTaken === true ? 'confirmed' : 'uncertain'\n",
}

export const retryAfterTimeOut: Plant = {
  name: 'a ticket whose end is unknown is tried again',
  file: 'kiosk/print-queue.ts',
  find: "    const isBroken = outcome === 'uncertain'",
  replace: "    if (outcome === 'uncertain') await printer.print(bytes)\n    const isBroken = outcome === 'uncertain'",
}

export const failOverInDoubt: Plant = {
  name: 'the second printer takes a ticket that may be on paper already',
  file: 'kiosk/print-queue.ts',
  find: "const isTriedNext = outcome === 'failed' &&",
  replace: "const isTriedNext = (outcome === 'failed' || outcome === 'uncertain') &&",
}

export const sendingNotWritten: Plant = {
  name: 'a job is sent before it is written down that it is',
  file: 'kiosk/print-queue.ts',
  find: "    if (!note('sending', attempts, { address, isBroken: true })) return 'failed'\n",
  replace: '',
}

export const anybodyAtTheMenu: Plant = {
  name: 'whoever asks is taken for the one at the staff menu',
  file: 'kiosk/staff/staff-door.ts',
  find: 'return isSame(session.token, token) ?',
  replace: 'return token.length < 99 ?',
}

export const pinsWithoutEnd: Plant = {
  name: 'a kiosk lets any number of PINs be tried',
  file: 'kiosk/staff/pin-tries.ts',
  find: 'const TRIES_OF_ONE_MAX = 5\n',
  replace: 'const TRIES_OF_ONE_MAX = 500\n',
}

export const namesInTurn: Plant = {
  name: 'a kiosk lets the PINs of one name after the other be tried',
  file: 'kiosk/staff/pin-tries.ts',
  find: 'const TRIES_IN_ALL_MAX = 15\n',
  replace: 'const TRIES_IN_ALL_MAX = 500\n',
}

export const pageKeepsItOpen: Plant = {
  name: 'a page that asks by itself keeps the staff menu open',
  file: 'kiosk/staff/staff-routes.ts',
  find: "request.method === 'GET' ? door.find(token) : door.act(token)",
  replace: 'door.act(token)',
}

export const provedForEver: Plant = {
  name: 'a PIN that was proved is good on whatever catalogue comes',
  file: 'kiosk/staff/staff-door.ts',
  find: ' || grounds !== groundsOf(host)',
  replace: '',
}

export const anyFileIsAPrinter: Plant = {
  name: 'any file that is typed at the menu is taken for a printer',
  file: 'kiosk/staff/typed-place.ts',
  find: "DEVICES[type].test(basename(real)) ? null : 'PrinterDeviceMissing'",
  replace: 'true ? null : null',
}

export const anyHostIsAPrinter: Plant = {
  name: 'any host that is typed at the menu is taken for a printer',
  file: 'kiosk/staff/typed-place.ts',
  find: 'addresses.length > 0 && addresses.every(isOwn) ?',
  replace: 'addresses.length > 0 ?',
}

export const copiesForAnybody: Plant = {
  name: 'whoever asks gets a copy of a paper',
  file: 'kiosk/host.ts',
  find: "  app.get('/local/v1/printer', () => queue.status())\n",
  replace:
    "  app.get('/local/v1/printer', () => queue.status())\n" +
    "  app.post('/local/v1/print-jobs/:id/reprint', (request, reply) =>\n" +
    '    reply.code(201).send(queue.reprint((request.params as { id: string }).id, 1)),\n' +
    '  )\n',
}
