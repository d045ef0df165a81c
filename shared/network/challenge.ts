/** What a branch signs to prove its key: a text that nothing else is signed as. */
export const challengeText = (challenge: string): string => `smartqueue-branch:${challenge}`
