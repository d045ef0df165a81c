import type { RouteSummary } from '#shared/http/openapi-page.ts'
import { FigureReportAnswer, SatisfactionAnswer } from '#shared/wire/reports.ts'

/** Every route of the cloud's interface, for people who read the API's description. */
export const routeSummaries: Readonly<Record<string, RouteSummary>> = {
  'GET /api/v1/health': [
    'Says that the cloud is there, and what of the logs staff must look at',
    200,
    'Status, version',
  ],
  'GET /api/v1/tenants': ['Lists tenants by name', 200, 'At most 200, and by what to ask for the next'],
  'GET /api/v1/tenants/{slug}/branches': [
    'Lists the branches of a tenant',
    200,
    'At most 200, and by what to ask for the next',
  ],
  'POST /api/v1/tenants': ['Makes a tenant', 201, 'Its id'],
  'POST /api/v1/tenants/{slug}/branches': ['Makes a branch of a tenant', 201, 'Its id'],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/enrolment': [
    'Makes the code by which a branch server takes its place',
    201,
    'The code, and when it ends',
  ],
  'DELETE /api/v1/tenants/{slug}/branches/{branchId}/enrolment': ['Revokes the key of a branch', 204, 'Nothing'],
  'POST /api/v1/tenants/{slug}/api-keys': ['Makes a key for a program', 201, 'The key, shown once, and when it ends'],
  'GET /api/v1/tenants/{slug}/api-keys': [
    'Lists the keys of programs',
    200,
    'What each may do, who made it, when it was used last and when it ends',
  ],
  'DELETE /api/v1/tenants/{slug}/api-keys/{keyId}': ['Revokes the key of a program', 204, 'Nothing'],
  'POST /api/v1/tenants/{slug}/webhooks': [
    'Has an address told what happens: tickets, branches; not feedback yet',
    201,
    'Its id, and the secret that proves messages, shown once',
  ],
  'GET /api/v1/tenants/{slug}/webhooks': [
    'Lists who is told what happens',
    200,
    'Addresses, and how many messages wait',
  ],
  'DELETE /api/v1/tenants/{slug}/webhooks/{webhookId}': ['Has an address told no more', 204, 'Nothing'],
  'GET /api/v1/tenants/{slug}/webhooks/{webhookId}/messages': [
    'Lists messages that were not taken: those that wait, and those given up',
    200,
    'Each with its attempts and why the last one failed',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/now': [
    'Reads a branch as it said last that it is',
    200,
    'Queues, counters and devices, and when that was received',
  ],
  'GET /api/v1/tenants/{slug}/set-aside': [
    'Lists the events that could not be read, whose tickets are in no figure',
    200,
    'Events, latest first; what waits for a later version',
  ],
  'GET /api/v1/tenants/{slug}/reports/wait-times': [
    'Reads how long customers waited, by service, branch and day, and when they came',
    200,
    'Figures, or a file of them: CSV, PDF',
    FigureReportAnswer,
  ],
  'GET /api/v1/tenants/{slug}/reports/agent-performance': [
    'Reads what agents did, by agent, branch and day',
    200,
    'Figures, or a file of them: CSV, PDF',
    FigureReportAnswer,
  ],
  'GET /api/v1/tenants/{slug}/reports/queue-stats': [
    'Reads what went through the queues, by queue, branch and day',
    200,
    'Figures, or a file of them: CSV, PDF',
    FigureReportAnswer,
  ],
  'GET /api/v1/tenants/{slug}/reports/satisfaction': [
    'Reads what customers answered; nobody asks them yet',
    200,
    'Counts of nothing, as JSON or CSV',
    SatisfactionAnswer,
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/histories': [
    'Lists what is held of a branch’s log, and what boxes brought that said they were the branch',
    200,
    'Lives of the log; parts that are kept aside',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/histories/{epoch}/events': [
    'Reads a life of a branch’s log',
    200,
    'Events after a place, as they were stored',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/histories/aside/{partId}': [
    'Reads a part that is kept aside',
    200,
    'Its events, as they were stored',
  ],
  'GET /api/v1/audit': [
    'Reads who changed what of the platform',
    200,
    'One entry a line, each with the hash before it',
  ],
  'GET /api/v1/tenants/{slug}/audit': [
    'Reads who changed what of a tenant',
    200,
    'One entry a line, each with the hash before it',
  ],
  'POST /api/v1/sync/enrol': ['A branch takes its place by a code', 201, 'Which branch of which tenant it is'],
  'POST /api/v1/sync/events': ['A branch brings its log', 200, 'Up to where it is held'],
  'POST /api/v1/sync/now': ['A branch says how it is, ahead of its log', 200, 'Whether something later was here'],
  'POST /api/v1/sync/catalogues': ['A branch brings a catalogue that its log speaks of', 200, 'Whether it was new'],
  'POST /api/v1/sync/role': ['A branch says who its devices are and which PINs there are, sealed', 200, 'Nothing'],
  'POST /api/v1/sync/branch-key': [
    'A box has the cloud say that its key is the branch’s',
    200,
    'A signed document, by which devices follow it',
  ],
  'POST /api/v1/sync/side': ['A branch brings what lies beside its log, sealed', 200, 'What is to be erased'],
  'GET /api/v1/sync/shape': [
    'A branch follows its catalogue, or its messages, by Electric’s protocol',
    200,
    'Rows, chosen by who asks',
  ],
  'GET /api/v1/tenants/{slug}/members': ['Lists who may work in a tenant', 200, 'At most 200, and by whom to ask on'],
  'PATCH /api/v1/tenants/{slug}/members/{personId}': ['Changes what somebody is in a tenant', 200, 'Her role'],
  'DELETE /api/v1/tenants/{slug}/members/{personId}': ['Takes somebody out of a tenant', 204, 'Nothing'],
  'DELETE /api/v1/tenants/{slug}/members/{personId}/second-factor': [
    'Takes the second factor of somebody who has lost it away, and signs her out',
    204,
    'Nothing',
  ],
  'POST /api/v1/tenants/{slug}/members/{personId}/password-link': [
    'Makes a link by which somebody chooses a new password, once',
    201,
    'Whether it was mailed; when not, the link to hand on',
  ],
  'GET /api/v1/tenants/{slug}/invitations': ['Lists who is asked to join a tenant', 200, 'Invitations that are open'],
  'POST /api/v1/tenants/{slug}/invitations': [
    'Asks somebody to join a tenant',
    201,
    'Whether it was mailed; when not, the link to hand on',
  ],
  'DELETE /api/v1/tenants/{slug}/invitations/{invitationId}': ['Takes an invitation back', 204, 'Nothing'],
  'GET /api/v1/tenants/{slug}/issuers': ['Lists where else its people may sign in', 200, 'Issuers, without secrets'],
  'POST /api/v1/tenants/{slug}/issuers': ['Lets its people sign in by an issuer of others', 201, 'Its id'],
  'DELETE /api/v1/tenants/{slug}/issuers/{issuerId}': ['Ends that, and forgets whom it named', 204, 'Nothing'],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/catalogues': ['Publishes a catalogue', 201, 'Its version'],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/catalogues': [
    'Lists the published versions of a branch’s catalogue',
    200,
    'Versions, the newest first, and which of them the branch says it has',
  ],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/catalogues/{version}/publication': [
    'Publishes an older version anew',
    201,
    'Its new version',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/catalogues/draft': [
    'Reads what is about to be published',
    200,
    'The draft, or else what was published last; what stands in its way, and what is seldom meant',
  ],
  'PUT /api/v1/tenants/{slug}/branches/{branchId}/catalogues/draft': [
    'Changes the draft, unless somebody else has meanwhile',
    200,
    'The draft as it is now',
  ],
  'DELETE /api/v1/tenants/{slug}/branches/{branchId}/catalogues/draft': ['Gives the draft up', 204, 'Nothing'],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/catalogues/draft/publication': [
    'Publishes the draft',
    201,
    'Its version',
  ],
  'GET /api/v1/tenants/{slug}/fleet': [
    'Lists branches with how each was when it was heard last',
    200,
    'At most 200, and by what to ask for the next',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/catalogues/latest': [
    'Reads the catalogue that was published last, or else the branch’s own as it joined',
    200,
    'The catalogue, without PINs; version 0: the branch’s own',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/agents': [
    'Lists who works at a branch, also those added and suspended there',
    200,
    'The agents',
  ],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/agents/{agentId}/suspend': [
    'Has a branch suspend an agent; her sessions end',
    201,
    'The number of the message',
  ],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/agents/{agentId}/restore': [
    'Has a branch readmit an agent',
    201,
    'The number of the message',
  ],
  'POST /api/v1/tenants/{slug}/branches/{branchId}/inbox': ['Sends a branch a message', 201, 'Its number'],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/inbox': [
    'Lists the messages to a branch',
    200,
    'Messages, and what became of each',
  ],
  'GET /api/v1/tenants/{slug}/branches/{branchId}/visits/{ticketId}/details': [
    'Reads what a customer said of herself, and what was noted',
    200,
    'Name, phone, note',
  ],
  'DELETE /api/v1/tenants/{slug}/branches/{branchId}/visits/{ticketId}/details': [
    'Erases what a customer said of herself, at both sides',
    204,
    'Nothing',
  ],
}
