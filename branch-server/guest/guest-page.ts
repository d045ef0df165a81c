import { wordsIn } from '#shared/domain/catalogue.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { LobbyBoard, LobbyCall, LobbyQueue } from '#shared/project/lobby-board.ts'
import { common } from '#shared/words/common.ts'
import { display } from '#shared/words/display.ts'
import { formatTime } from '#shared/words/format.ts'

/** The board as plain HTML for the browser of a television set, which may be ten years old. Pure: text in, text out. */

const CALLS_SHOWN_MAX = 5
const QUEUES_SHOWN_MAX = 6

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

interface Tongue {
  readonly language: Language
  readonly say: (key: keyof (typeof display)['fr'] & keyof (typeof display)['en']) => string
  readonly read: (words: Parameters<typeof wordsIn>[0]) => string
}

function tongueOf({ branch }: LobbyBoard): Tongue {
  const language = branch?.defaultLanguage ?? 'fr'
  return {
    language,
    say: (key) => escaped(display[language][key]),
    read: (words) => escaped(wordsIn(words, language, language)),
  }
}

/** A number of more signs than this is drawn smaller. */
const NUMBER_LENGTH_USUAL = 4

function callBlock({ read }: Tongue, { number, counterName }: LobbyCall, className: string): string {
  const size = number.length > NUMBER_LENGTH_USUAL ? ' long' : ''
  return `<div class="${className}${size}"><p class="number" dir="ltr">${escaped(number)}</p><p class="counter">${read(counterName)}</p></div>`
}

function queueRow({ say, read }: Tongue, { name, waitingCount, isClosed, isPaused }: LobbyQueue): string {
  const note = isClosed ? say('display.queueClosed') : isPaused ? say('display.queuePaused') : ''
  return `<tr><td class="queue">${read(name)} <small>${note}</small></td><td class="count" dir="ltr">${waitingCount}</td></tr>`
}

function callTable(tongue: Tongue, { calls, isDayClosed }: LobbyBoard): string {
  if (calls.length === 0)
    return `<p class="none">${tongue.say(isDayClosed ? 'display.dayClosed' : 'display.noCalls')}</p>`
  const rows = calls
    .slice(0, CALLS_SHOWN_MAX)
    .map((call, place) => callBlock(tongue, call, place === 0 ? 'first' : 'last'))
  return `<h1>${tongue.say('display.nowCalled')}</h1>${rows.join('')}`
}

/** What changes. @param atMs - the branch's time now, so that nobody relies on the clock of a television set */
export function guestBoard(board: LobbyBoard, atMs: number): string {
  const { branch, message, queues } = board
  const tongue = tongueOf(board)
  const time = branch === null ? '' : formatTime(atMs, tongue.language, branch.timezone)
  const clock = `<p class="clock" id="clock" dir="ltr">${time}</p>`
  if (message?.kind === 'emergency') {
    const texts = Object.entries(message.text).map(
      ([language, text]) => `<p lang="${language}" dir="auto">${escaped(text)}</p>`,
    )
    return `<div class="emergency">${texts.join('')}</div>${clock}`
  }
  const busiest = queues.toSorted((a, b) => b.waitingCount - a.waitingCount).slice(0, QUEUES_SHOWN_MAX)
  const rows = queues.filter((queue) => busiest.includes(queue)).map((queue) => queueRow(tongue, queue))
  const told = message === null ? '' : `<p class="message">${tongue.read(message.text)}</p>`
  return [
    `<div class="stage">${callTable(tongue, board)}</div>`,
    `<div class="side"><h2>${tongue.say('display.waiting')}</h2><table>${rows.join('')}</table></div>`,
    `<div class="foot">${told}<p class="branch">${escaped(branch?.name ?? '')}</p>${clock}</div>`,
  ].join('')
}

/** The whole page: it shows the board at once, and goes on without a script by loading itself anew. */
export function guestPage(board: LobbyBoard, atMs: number): string {
  const language = board.branch?.defaultLanguage ?? 'fr'
  const noContact = escaped(common[language]['common.noContactSince'])
  return `<!DOCTYPE html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>SmartQueue</title>
<noscript><meta http-equiv="refresh" content="5"></noscript>
<link rel="stylesheet" href="/guest/guest.css"></head>
<body><div id="board">${guestBoard(board, atMs)}</div>
<p id="stale" data-text="${noContact}"></p><script src="/guest/guest.js"></script></body></html>
`
}

/** Sizes by the width of the screen; no grid, no variables: older engines know neither. */
export const GUEST_STYLE = `
* { margin: 0; padding: 0; box-sizing: border-box; }
body { background: #14110c; color: #f6f1e7; font-family: sans-serif; overflow: hidden; }
h1, h2 { font-size: 2.3vw; font-weight: normal; opacity: 0.8; padding: 1vw 0; }
table { width: 100%; border-collapse: collapse; }
td { padding: 0.6vw 0; border-top: 1px solid #4a4335; vertical-align: middle; }
.stage { position: absolute; left: 2vw; top: 1vw; width: 62vw; }
.side { position: absolute; right: 2vw; top: 1vw; width: 31vw; }
[dir=rtl] .stage { left: auto; right: 2vw; }
[dir=rtl] .side { right: auto; left: 2vw; }
.number { font-weight: bold; line-height: 1.1; }
[dir=rtl] .number { text-align: right; }
.first { border-top: 1px solid #4a4335; padding: 0.5vw 0 1vw; }
.first .number { font-size: 16.8vw; line-height: 1; color: #5fc9ae; }
.first.long .number { font-size: 12.5vw; }
.first .counter { font-size: 8.4vw; line-height: 1.05; font-weight: bold; }
.last { float: left; width: 50%; padding: 0.4vw 1vw 0.4vw 0; border-top: 1px solid #4a4335; white-space: nowrap; overflow: hidden; }
[dir=rtl] .last { float: right; padding: 0.4vw 0 0.4vw 1vw; }
.last p { display: inline-block; vertical-align: middle; }
.last .number { font-size: 5.1vw; }
.last.long .number { font-size: 4vw; }
.last .counter { font-size: 2.3vw; padding: 0 1vw; }
.none { font-size: 3.5vw; padding-top: 15vw; text-align: center; }
.queue { font-size: 2.3vw; }
.queue small { font-size: 2.1vw; color: #f0b95a; }
.count { font-size: 4.6vw; font-weight: bold; text-align: right; }
[dir=rtl] .count { text-align: left; }
.foot { position: absolute; left: 0; right: 0; bottom: 0; padding: 0.8vw 2vw; background: #0c0a07; font-size: 2.5vw; }
.message { color: #f0b95a; }
.branch { display: inline-block; }
.clock { position: absolute; right: 2vw; bottom: 0.8vw; font-weight: bold; font-size: 3.2vw; }
[dir=rtl] .clock { right: auto; left: 2vw; }
[dir=rtl] #stale { left: 20vw; right: 2vw; }
.emergency { position: absolute; left: 0; right: 0; top: 0; bottom: 0; background: #8e1616; color: #fff; padding: 4vw; font-size: 4.4vw; }
.emergency p { padding-bottom: 3vw; }
#stale { display: none; position: absolute; left: 2vw; right: 20vw; bottom: 0.8vw; text-align: center; font-size: 2.3vw; background: #5c4210; color: #ffe2ad; }
.away #stale { display: block; }
.away #board { opacity: 0.7; }
.away .branch { visibility: hidden; }
@media (orientation: portrait) {
  .stage, .side { width: 96vw; }
  .side { top: auto; bottom: 15vw; left: 2vw; }
  .side tr:nth-child(n+5) { display: none; }
  .first .number { font-size: 30vw; }
  .first.long .number { font-size: 21vw; }
  .first .counter { font-size: 15vw; }
  .last { float: none; width: auto; }
  [dir=rtl] .last { float: none; }
  .last .number { font-size: 9vw; }
  .last.long .number { font-size: 8vw; }
  .last .counter { font-size: 5vw; }
  .queue, .queue small, h1, h2, .foot, #stale { font-size: 4vw; }
  .count { font-size: 6vw; }
  .clock { font-size: 5vw; }
  .emergency { font-size: 6.5vw; }
}
`

/** As old engines read it. Turns are counted, not time: the clock of a television set is anybody's guess. */
export const GUEST_SCRIPT = `(function () {
  var board = document.getElementById('board'), stale = document.getElementById('stale');
  var missed = 0, seen = '';
  function time() { var clock = document.getElementById('clock'); return clock ? clock.innerHTML : ''; }
  function heard(ok, text) {
    if (ok) { missed = 0; if (text !== seen) { seen = text; board.innerHTML = text; } }
    else { missed = missed + 1; }
    if (missed === 3) { stale.innerHTML = stale.getAttribute('data-text').replace('{{time}}', time()); }
    document.body.className = missed >= 3 ? 'away' : '';
    setTimeout(ask, 2000);
  }
  function ask() {
    var request = new XMLHttpRequest(), isOver = false;
    function end(ok) { if (!isOver) { isOver = true; clearTimeout(limit); heard(ok, request.responseText); } }
    var limit = setTimeout(function () { end(false); request.abort(); }, 3000);
    request.onreadystatechange = function () { if (request.readyState === 4) { end(request.status === 200); } };
    request.open('GET', '/guest/board', true);
    request.send();
  }
  setTimeout(ask, 2000);
})();
`
