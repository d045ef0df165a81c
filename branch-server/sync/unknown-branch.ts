/** After it was revoked, or the cloud has forgotten it, or CLOUD_URL names another. */
export const UNKNOWN_BRANCH =
  'the cloud does not know this branch any more: have a new code made, set BRANCH_ENROLMENT_CODE to it and start the branch again'
