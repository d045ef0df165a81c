/**
 * Every word of the lines that this program logs. A line that is written later may leave with gaps until its words are here;
 * none can leave with what somebody is called.
 */
export const LOG_WORDS: ReadonlySet<string> = new Set(
  `
a again ago agree ahead alive alone an and anew another answered answers any are as aside asked at audit audited
away back backup backups batch be became been before behind beside board box branch by came can cannot carries
catalogue change changed checked claims clip cloud code comes command contact contradicts copied copies copy could
damaged data database device devices did disk display displays do does done down download draws dropped else empty
end ended enrol enrolled enrolment epoch erased error espeak-ng events failed feed fetched figures files find folder
followed follows for force forget from full gave gives go going gone guests hangs has have head hear here history
holds how identity in install is it its itself jump jumped keeps kept known knows lacks learned less let lies line
lives loaded log long look looked looking lost machine made make may message messages missing more moved must name
nearly new night no nobody not nothing now number numbers of office often old older on one one’s opened or orders
others otherwise ours out over page pair paired pairing paper part past phrase place port process program put
reached read reader ready reckoned recorded refused removed replaced request restart restore right room run runs
salvaged same says screen second seen send sends sent sentence server set settings show shown shows six slow so
somebody somewhere speak spoken staff start state stay stays stop sums supervisor take taken takes tell telling
tells than that the them there these this those threw tickets time to token told too trial tried try twice two typed
up upload used visits voice waited waits wants was well were what when which who will window with withdrawn words
worth would written wrong
`
    .trim()
    .split(/\s+/),
)
