import type { Plant } from './plant.ts'

export const answerBeforeKeeping: Plant = {
  name: 'the number is answered before it is kept',
  file: 'kiosk/take-ticket.ts',
  find: '    store.keep(tap.key, JSON.stringify(taken), minted, job, Math.floor(wallMs()))\n',
  replace: '    setTimeout(() => store.keep(tap.key, JSON.stringify(taken), minted, job, Math.floor(wallMs())), 300)\n',
}

export const tapKeyNotHandedOver: Plant = {
  name: 'the key of the tap is not handed over',
  file: 'kiosk/take-ticket.ts',
  find: '    tapKey: tap.key,\n',
  replace: '    tapKey: newTicketId(),\n',
}

export const arrivalByWallClock: Plant = {
  name: 'arrival by the wall clock of the kiosk',
  file: 'shared/host/device-host.ts',
  find: 'sinceContactMs: momentAt(contact, nowMs).steadyMs - steadyMs }',
  replace: 'sinceContactMs: Math.max(0, Math.floor(clocks.wallMs() - contact.at.atMs)) }',
}

export const arrivalWhenGivenUp: Plant = {
  name: 'arrival when the server was given up, not when the customer came',
  file: 'kiosk/take-ticket.ts',
  find: 'mint(parts, tap, contact)',
  replace: 'mint(parts, tap, host.sinceContact())',
}

export const eventsTellTheTime: Plant = {
  name: 'events that are caught up on tell the time',
  file: 'shared/host/branch-link.ts',
  find: "if (frame.type === 'time') contact = hearTime(contact, frame, frame.n, heardMs)",
  replace: "if ('steadyMs' in frame) contact = hearTime(contact, frame, heardMs, heardMs)",
}

export const tokenBeforeProof: Plant = {
  name: 'the token is sent before the key is proved',
  file: 'shared/host/device-host.ts',
  find: "    if (link?.status().link !== 'up') await proveBranch(paired, leftMs())\n",
  replace: '',
}

export const adoptedForGood: Plant = {
  name: 'what was taken over once is never told again',
  file: 'kiosk/kiosk-store.ts',
  find: '        if (knownEpoch !== epoch) tellAdoptedAgain.run(date)\n',
  replace: '',
}

export const noJumpAfterLoss: Plant = {
  name: 'the block does not jump when the memory of the kiosk is lost',
  file: 'kiosk/block.ts',
  find: '  if (isUnsure) kept.setFloor(series, date, known + EPOCH_JUMP)\n',
  replace: '',
}

export const newDiskIsStranger: Plant = {
  name: 'a branch on a new disk is taken for another one',
  file: 'shared/host/claims.ts',
  find: 'isSameBranch === true',
  replace: 'false && isSameBranch',
}

export const slotOfWhoComesFirst: Plant = {
  name: 'the kiosk that is paired first after a restore gets the first block',
  file: 'branch-server/routes/devices.ts',
  find: 'freeSlot(today, isSame ? former : null)',
  replace: 'freeSlot(today, null)',
}

export const pairedByAnybody: Plant = {
  name: 'whoever stands at the screen of a kiosk pairs it with another branch',
  file: 'shared/host/claims.ts',
  find: '    if (pairing() !== null && !isAnew) return whilePaired(invitation)\n    const met',
  replace: '    isAnew = true\n    const met',
}
