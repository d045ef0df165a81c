import type { Plant } from './plant.ts'

export const detailsOutliveTheDay: Plant = {
  name: 'what a customer said of herself outlives her day',
  file: 'branch-server/store/store.ts',
  find: 'details.eraseAllBut(stillHere(state))',
  replace: 'void stillHere(state)',
}

export const detailsInTheBackup: Plant = {
  name: 'a backup holds what customers said of themselves',
  file: 'branch-server/background/backup.ts',
  find: '    forgetDetails(beside)\n',
  replace: '',
}

export const detailsForEverybody: Plant = {
  name: 'any agent reads what a customer said to another',
  file: 'branch-server/routes/customer-details.ts',
  find: '&& ticket.phase.counterId === counterId',
  replace: '&& (counterId ?? ticket.phase.counterId) !== null',
}

export const detailsStayAtTheKiosk: Plant = {
  name: 'a kiosk keeps what customers said after its papers were handed over',
  file: 'kiosk/kiosk-store.ts',
  find: 'return details.erase(ticketId)',
  replace: 'return false',
}
