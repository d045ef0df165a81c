import { createSecretAnswers as create, type SecretAnswers } from '#shared/http/secret-answers.ts'

/** As devices ask; the installer is known by his address. */
export const createSecretAnswers = (monotonicMs: () => number): SecretAnswers =>
  create({
    nowMs: monotonicMs,
    askerOf: ({ bearer, ip }) => bearer?.origin.deviceId ?? ip,
    settleAudit(request) {
      request.isAuditSettled = true
    },
  })
