/** What a route does, the status of its answer when it is done, and what the answer holds. */
export type RouteSummary = readonly [does: string, status: 200 | 201, answer: string]

const TICKET = 'The ticket as it now is'
const COUNTER = 'The counter as it now is'
const QUEUE = 'The queue as it now is'
const DAY = 'The business day as it now is'

/** Every route of the interface, for people who read the API's description. */
export const routeSummaries: Readonly<Record<string, RouteSummary>> = {
  'GET /api/v1/health': ['Says that the branch is there; signs a challenge', 200, 'Status, version and public key'],
  'PUT /api/v1/catalogue': ['Replaces the whole catalogue', 200, 'Its version'],
  'GET /api/v1/catalogue': ['Reads the catalogue in force, or a former version', 200, 'The catalogue, without PINs'],
  'POST /api/v1/pairings': ['Makes a pairing code', 201, 'Code, link, and when they end'],
  'POST /api/v1/pairings/claim': ['Exchanges a pairing code for a token', 201, 'The device and its token'],
  'GET /api/v1/devices': ['Lists the paired devices', 200, 'The devices'],
  'GET /api/v1/devices/self': ['Says who the asking device is', 200, 'The device'],
  'DELETE /api/v1/devices/{deviceId}': ['Removes a device; it is cut off at once', 200, 'Its id'],
  'POST /api/v1/tickets': ['Issues a ticket', 201, TICKET],
  'GET /api/v1/tickets': ['Lists the tickets of the business day', 200, 'The tickets, earliest first'],
  'GET /api/v1/tickets/{ticketId}': ['Reads one ticket of any day', 200, TICKET],
  'POST /api/v1/tickets/adopt': ['Takes over what a kiosk printed alone', 200, 'Adopted tickets, and those refused'],
  'POST /api/v1/tickets/{ticketId}/recall': ['Calls the customer again', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/start': ['Starts the service', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/hold': ['Sets the ticket aside', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/resume': ['Goes on with a held ticket at a counter', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/return': ['Puts the ticket back to its place in the line', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/complete': ['Ends the service', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/no-show': ['Records that the customer did not come', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/cancel': ['Cancels the ticket', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/reinstate': ['Brings a no-show back, once', 200, TICKET],
  'POST /api/v1/tickets/{ticketId}/transfer': ['Moves the ticket to another queue', 200, TICKET],
  'POST /api/v1/counters/{counterId}/open': ['Signs an agent in at a counter', 200, COUNTER],
  'POST /api/v1/counters/{counterId}/close': ['Closes the counter', 200, COUNTER],
  'POST /api/v1/counters/{counterId}/call-next': ['Calls whoever is next', 200, TICKET],
  'POST /api/v1/counters/{counterId}/call': ['Calls one waiting ticket', 200, TICKET],
  'POST /api/v1/counters/{counterId}/adopt': ['Takes over a printed number by hand and calls it', 200, TICKET],
  'POST /api/v1/queues/{queueId}/pause': ['Stops calling from the queue', 200, QUEUE],
  'POST /api/v1/queues/{queueId}/resume': ['Calls from the queue again', 200, QUEUE],
  'POST /api/v1/queues/{queueId}/close': ['Stops issuing for the queue', 200, QUEUE],
  'POST /api/v1/queues/{queueId}/open': ['Issues for the queue again', 200, QUEUE],
  'POST /api/v1/day/close': ['Ends the business day by hand', 200, DAY],
  'POST /api/v1/day/confirm-clock': ['Confirms a clock that is in doubt', 200, DAY],
  'GET /api/v1/board': ['Reads what the lobby shows', 200, 'The board, and the place in the log it is true at'],
  'GET /api/v1/snapshot': ['Reads where a device starts to follow', 200, 'The state, its place and hash in the log'],
  'GET /api/v1/stats': ['Reads live figures', 200, 'Figures of each queue'],
  'GET /api/v1/reports/days': ['Reads figures of past days', 200, 'One entry for each day and service'],
  'POST /api/v1/feed-tickets': ['Makes a ticket that opens the feed once', 201, 'Ticket, and when it ends'],
  'POST /api/v1/backups': ['Writes a whole copy of the database', 201, 'Its file'],
  'POST /api/v1/checks': ['Reads the whole database and compares', 200, 'What was found'],
}
