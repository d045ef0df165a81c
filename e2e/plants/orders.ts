import type { ServerPlant } from './server.ts'

const orders = 'e2e/sync/orders.test.ts'
const done = 'what head office had'

/** Bugs planted in what head office has a branch and its devices do. */
export const orderPlants: readonly ServerPlant[] = [
  {
    name: 'a device that was told before begins an order anew',
    file: 'shared/host/device-orders.ts',
    find: '    if (had !== undefined) return had.outcome\n',
    replace: '    void had\n',
    testFile: orders,
    testName: done,
  },
  {
    name: 'a reprint that was told before is printed again',
    file: 'kiosk/reprint.ts',
    find: "    if (store.job(orderId) === null) {\n      if (isLate) return EXPIRED\n      const paper = paperOf(store, ticketId)\n      if (paper === undefined) return 'PrintJobUnknown'\n      queue.reprint(paper.id, Math.floor(wallMs()), orderId)\n",
    replace:
      "    {\n      const paper = paperOf(store, ticketId)\n      if (paper === undefined) return 'PrintJobUnknown'\n      queue.reprint(paper.id, Math.floor(wallMs()), store.job(orderId) === null ? orderId : undefined)\n",
    testFile: orders,
    testName: done,
  },
  {
    name: 'a device begins what it hears of only after its time',
    file: 'shared/host/device-orders.ts',
    find: '    if (isLate) return EXPIRED\n',
    replace: '',
    testFile: orders,
    testName: 'an order that was written down',
  },
  {
    name: 'a kiosk prints what it hears of only after its time',
    file: 'kiosk/reprint.ts',
    find: '      if (isLate) return EXPIRED\n',
    replace: '',
    testFile: orders,
    testName: 'an order that was written down',
  },
  {
    name: 'the list of what screens were told has orders in it',
    file: 'cloud-sync/store/down.ts',
    find: 'isOrder(message) ? [] : [',
    replace: 'message === null ? [] : [',
    testFile: orders,
    testName: 'an order is bounded',
  },
  {
    name: 'a branch does not ask how late it is',
    file: 'branch-server/sync/cloud-door.ts',
    find: 'nowMs: () => (cloudAheadMs === null ? null : wallMs() + cloudAheadMs),',
    replace: 'nowMs: () => 0,',
    testFile: orders,
    testName: done,
  },
  {
    name: 'a copy does not say that it is one',
    file: 'kiosk/print-queue.ts',
    find: '{ ...first.slip, copyNumber: copy }',
    replace: '{ ...first.slip }',
    testFile: orders,
    testName: done,
  },
  {
    name: 'a device that was taken away keeps its line',
    file: 'branch-server/access/remove-device.ts',
    find: '  feed.drop(deviceId)\n',
    replace: '  void feed\n',
    testFile: orders,
    testName: 'a device that head office takes away',
  },
  {
    name: 'log lines leave as they were written',
    file: 'branch-server/diagnostics/scrub.ts',
    find: 'LOG_WORDS.has(bare) ? word : WITHHELD',
    replace: 'bare.length < 40 ? word : WITHHELD',
    testFile: orders,
    testName: 'what a branch sends of how it is',
  },
]
