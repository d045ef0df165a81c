import type { Three } from './commissioning.ts'

/** What was found when plugs were pulled, and what was left out: French, English, Arabic. */
export const commissioningPlugs = {
  printerToldStaff: [
    'Prise de l’imprimante {{place}} tirée : le personnel en est averti {{seconds}} s après le signal (permis : {{mostSeconds}} s)',
    'Printer {{place}} unplugged: staff are told {{seconds}} s after the signal (allowed: {{mostSeconds}} s)',
    'فُصلت الطابعة {{place}}: عُلم ذلك بعد {{seconds}} ث من الإشارة؛ المسموح: {{mostSeconds}} ث',
  ],
  printerNotTold: [
    'Prise de l’imprimante {{place}} tirée : le personnel n’en a pas été averti en {{seconds}} s',
    'Printer {{place}} unplugged: staff were not told within {{seconds}} s',
    'فُصلت الطابعة {{place}}: لم يُعلم الموظفون خلال {{seconds}} ث',
  ],
  printerNotBack: [
    'L’imprimante {{place}} n’est pas revenue en {{seconds}} s',
    'Printer {{place}} did not come back within {{seconds}} s',
    'لم تعد الطابعة {{place}} خلال {{seconds}} ث',
  ],
  printerBlind: [
    'Imprimante {{place}} : elle ne dit rien d’elle-même, sa prise ne se remarque pas',
    'Printer {{place}}: it says nothing of itself, its plug cannot be noticed',
    'الطابعة {{place}}: لا تُعلم بشيء عن نفسها فلا يُلاحظ فصلها',
  ],
  printerPretends: [
    'Imprimante {{place}} simulée : elle n’a pas de prise',
    'Printer {{place}} is simulated: it has no plug',
    'الطابعة {{place}} محاكاة: لا قابس لها',
  ],
  networkNotCut: [
    'Le contact n’a pas été rompu en {{seconds}} s : rien n’a été vu',
    'Contact was not broken within {{seconds}} s: nothing was seen',
    'لم ينقطع الاتصال خلال {{seconds}} ث: لم يُر شيء',
  ],
  networkAlone: [
    'Sans réseau, la borne a donné seule {{count}} numéros',
    'Without the network the kiosk gave {{count}} numbers alone',
    'بلا شبكة أعطى الكشك وحده {{count}} رقمًا',
  ],
  networkNoNumber: [
    'Sans réseau, la borne n’a donné aucun numéro',
    'Without the network the kiosk gave no number',
    'بلا شبكة لم يعط الكشك أي رقم',
  ],
  networkTakenOver: [
    'Réseau revenu : les {{count}} numéros sont tous à l’agence, chacun une fois, {{seconds}} s après le contact',
    'Network back: all {{count}} numbers are at the branch, each once, {{seconds}} s after contact',
    'عادت الشبكة: الأرقام {{count}} كلها في الفرع، كل منها مرة، بعد {{seconds}} ث من الاتصال',
  ],
  machineRestarted: [
    'La machine s’est arrêtée et a redémarré (autre identité de démarrage)',
    'The machine was off and started again (another boot identity)',
    'توقف الجهاز وأقلع من جديد (هوية إقلاع أخرى)',
  ],
  machineStayedOn: [
    'Le programme s’est arrêté et a repris, mais la machine est restée en marche : aucune coupure de courant n’a été vue',
    'The program ended and began again, but the machine stayed on: no power cut was seen',
    'توقف البرنامج وعاد لكن الجهاز بقي يعمل: لم يُر انقطاع للكهرباء',
  ],
  machineUnknown: [
    'Cette machine ne dit pas si elle s’est arrêtée',
    'This machine does not say whether it was off',
    'لا يُعلم هذا الجهاز إن كان قد توقف',
  ],
  serverNotCut: [
    'Le serveur ne s’est pas arrêté en {{seconds}} s : aucune coupure n’a été vue',
    'The server did not stop within {{seconds}} s: no cut was seen',
    'لم يتوقف الخادم خلال {{seconds}} ث: لم يُر أي انقطاع',
  ],
  serverNotBack: [
    'Le serveur n’est pas revenu en {{seconds}} s',
    'The server did not come back within {{seconds}} s',
    'لم يعد الخادم خلال {{seconds}} ث',
  ],
  numbersKept: [
    '{{count}} numéros promis aux bornes avant, pendant et après : tous là, chacun une fois',
    '{{count}} numbers that kiosks gave before, meanwhile and after: all there, each once',
    '{{count}} رقمًا أعطتها الأكشاك قبل الانقطاع وأثناءه وبعده: كلها موجودة، كل منها مرة',
  ],
  numbersLost: [
    'Sur {{count}} numéros promis : {{missing}} manquent, {{doubled}} en double',
    'Of {{count}} numbers given: {{missing}} missing, {{doubled}} double',
    'من {{count}} رقمًا: المفقود {{missing}}، المكرر {{doubled}}',
  ],
  numbersNone: [
    'Aucun numéro n’a été promis : rien n’est prouvé',
    'No number was given: nothing is proven',
    'لم يُعط أي رقم: لم يثبت شيء',
  ],
  wentAlone: [
    '{{online}} numéros du serveur, {{offline}} donnés seule sans lui ; {{refused}} refusés',
    '{{online}} numbers from the server, {{offline}} given alone without it; {{refused}} refused',
    '{{online}} رقمًا من الخادم، {{offline}} أعطاها وحده دونه؛ المرفوض {{refused}}',
  ],
  notAlone: [
    '{{online}} numéros du serveur, aucun sans lui ; {{refused}} refusés ({{reason}})',
    '{{online}} numbers from the server, none without it; {{refused}} refused ({{reason}})',
    '{{online}} رقمًا من الخادم ولا رقم دونه؛ المرفوض {{refused}} ({{reason}})',
  ],
  longestPause: [
    'Plus longue pause entre deux numéros : {{seconds}} s',
    'Longest pause between two numbers: {{seconds}} s',
    'أطول توقف بين رقمين: {{seconds}} ث',
  ],
  issuesAgain: [
    'Premier numéro du serveur {{seconds}} s après le début de son programme',
    'The server’s first number {{seconds}} s after its program began',
    'أول رقم من الخادم بعد {{seconds}} ث من بدء برنامجه',
  ],
  issuesAfterBoot: [
    'Premier numéro du serveur {{seconds}} s après le démarrage de la machine',
    'The server’s first number {{seconds}} s after the machine began to start',
    'أول رقم من الخادم بعد {{seconds}} ث من إقلاع الجهاز',
  ],
  issuesNotAgain: [
    'Le serveur n’a plus donné de numéro',
    'The server gave no number any more',
    'لم يعط الخادم أي رقم بعد ذلك',
  ],
  backInContact: ['De nouveau en contact avec le serveur', 'In contact with the server again', 'عاد الاتصال بالخادم'],
  sameEpoch: [
    'Le journal continue dans la même époque',
    'The log goes on in the same epoch',
    'يستمر السجل في الحقبة نفسها',
  ],
  otherEpoch: [
    'Le journal a commencé une nouvelle époque : la fin de l’ancienne était perdue',
    'The log began a new epoch: the end of the old one was lost',
    'بدأ السجل حقبة جديدة: فُقدت نهاية السابقة',
  ],
  kioskForgot: [
    'La borne ne se souvient d’aucun essai : elle a redémarré elle aussi',
    'The kiosk remembers no test ticket: it restarted, too',
    'لا يتذكر الكشك أي تجربة: لقد أعيد تشغيله أيضًا',
  ],
  skipped: ['Laissé de côté par {{who}}', 'Left out by {{who}}', 'تركه {{who}}'],
  brokeOff: ['Le contrôle s’est interrompu : {{reason}}', 'The check broke off: {{reason}}', 'انقطع الفحص: {{reason}}'],
  noService: [
    'Aucun service au catalogue : pas de ticket d’essai',
    'The catalogue has no service: no test ticket',
    'لا خدمة في الفهرس: لا تذكرة تجريبية',
  ],
  testTickets: [
    '{{count}} tickets d’essai retirés des files ; ils ne comptent dans aucun chiffre',
    '{{count}} test tickets taken out of the lines; they count in no figure',
    'سُحبت {{count}} تذكرة تجريبية من الصفوف؛ لا تُحسب في أي رقم',
  ],
} as const satisfies Record<string, Three>
