import type { Plant } from './plant.ts'

/** Bugs planted in how thousands of branches come back at once; `npm run simulate -- return` sees each of them. */
export const returnPlants: readonly Plant[] = [
  {
    name: 'no-jitter',
    file: 'branch-server/sync/uploader.ts',
    find: '  return ceilingMs / 2 + (random() * ceilingMs) / 2\n',
    replace: '  return ceilingMs + 0 * random()\n',
  },
  {
    name: 'no-admission',
    file: 'cloud-sync/admission/places.ts',
    find: '    return places.has(branchId) || places.size < placesMax\n',
    replace: '    return places.has(branchId) || places.size < placesMax + nowMs\n',
  },
  {
    name: 'history-first',
    file: 'branch-server/sync/uploader.ts',
    find: '(await tellPresent()) ?? (await upload.step())',
    replace: '(await upload.step()) ?? (await tellPresent())',
  },
  {
    name: 'too-early',
    file: 'branch-server/sync/turned-away.ts',
    find: 'askedMs * (1 + random() / 2)',
    replace: 'askedMs * (random() / 2)',
  },
]
