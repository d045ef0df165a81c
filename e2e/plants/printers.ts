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
  find: ' || !isSame(session.token, token)) return null',
  replace: ' || token.length > 99) return null',
}

export const pinsWithoutEnd: Plant = {
  name: 'a kiosk lets any number of PINs be tried',
  file: 'kiosk/staff/staff-door.ts',
  find: 'const WRONG_MAX = 5\n',
  replace: 'const WRONG_MAX = 500\n',
}
