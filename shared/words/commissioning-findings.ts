import type { Three } from './commissioning.ts'

/** What was found while a branch was tried out: French, English, Arabic. */
export const commissioningFindings = {
  version: [
    'SmartQueue {{version}}, Node {{node}}, {{system}}',
    'SmartQueue {{version}}, Node {{node}}, {{system}}',
    'SmartQueue {{version}} · Node {{node}} · {{system}}',
  ],
  reachedByTls: [
    'Joignable du réseau, chiffré : {{addresses}}',
    'Reached from the network, encrypted: {{addresses}}',
    'يمكن بلوغه من الشبكة باتصال مشفّر: {{addresses}}',
  ],
  reachedHereOnly: [
    'Joignable de cette seule machine (BRANCH_HOST) : aucun appareil d’ailleurs n’y entre',
    'Reached on this machine alone (BRANCH_HOST): no device elsewhere can come in',
    'لا يمكن بلوغه إلا من هذا الجهاز (BRANCH_HOST): لا يدخل أي جهاز آخر',
  ],
  disk: [
    'Dossier des données : {{kind}}, {{freeGb}} Go libres',
    'Data folder: {{kind}}, {{freeGb}} GB free',
    'مجلد البيانات على {{kind}} وفيه {{freeGb}} غيغابايت متاحة',
  ],
  diskFull: [
    'Dossier des données : {{kind}}, seulement {{freeGb}} Go libres (au moins {{leastGb}})',
    'Data folder: {{kind}}, only {{freeGb}} GB free (at least {{leastGb}})',
    'مجلد البيانات على {{kind}} وفيه {{freeGb}} غيغابايت متاحة فقط، والحد الأدنى {{leastGb}}',
  ],
  diskForgets: [
    'Dossier des données sur {{kind}} : une coupure de courant l’efface',
    'Data folder on {{kind}}: a power cut wipes it',
    'مجلد البيانات على {{kind}}: يمحوه انقطاع الكهرباء',
  ],
  flush: [
    'Une écriture tient sur le disque en {{p50}} ms (une sur deux), {{p99}} ms (99 sur 100) ; {{count}} mesures',
    'A write is on the disk after {{p50}} ms (half of them), {{p99}} ms (99 of 100); {{count}} measured',
    'تثبت الكتابة على القرص خلال {{p50}} م.ث نصف المرات، وخلال {{p99}} م.ث في 99 من 100؛ عدد القياسات {{count}}',
  ],
  flushTooFast: [
    'Une écriture « tient » en {{p50}} ms : si vite que le disque ne fait peut-être que le promettre',
    'A write is “on the disk” after {{p50}} ms: so fast that the disk may only promise it',
    '«تثبت» الكتابة خلال {{p50}} م.ث: بسرعة قد تعني أن القرص يعد فقط',
  ],
  backupNone: [
    'Aucun second dossier pour les copies de nuit (BRANCH_BACKUP_DIR)',
    'No second folder for the nightly copies (BRANCH_BACKUP_DIR)',
    'لا مجلد ثانيًا للنسخ الليلية (BRANCH_BACKUP_DIR)',
  ],
  backupWritten: [
    'Copies de nuit : un fichier d’essai a été écrit et relu dans {{folder}}',
    'Nightly copies: a test file was written to {{folder}} and read back',
    'النسخ الليلية: كُتب ملف تجريبي في {{folder}} وقُرئ منه',
  ],
  backupSameDisk: [
    'Copies de nuit : {{folder}} est sur le disque des données et mourrait avec lui',
    'Nightly copies: {{folder}} is on the disk of the data and would die with it',
    'النسخ الليلية: {{folder}} على قرص البيانات نفسه ويهلك معه',
  ],
  backupFails: [
    'Copies de nuit : {{folder}} ne prend rien ({{reason}})',
    'Nightly copies: {{folder}} takes nothing ({{reason}})',
    'النسخ الليلية: {{folder}} لا يقبل شيئًا ({{reason}})',
  ],
  logWhole: [
    'Le journal a été relu en entier : {{count}} événements, aucune contradiction',
    'The log was read whole: {{count}} events, no contradiction',
    'قُرئ السجل كاملًا: {{count}} حدث، بلا تناقض',
  ],
  logBroken: [
    'Le journal se contredit : {{reason}}',
    'The log contradicts itself: {{reason}}',
    'السجل يناقض نفسه: {{reason}}',
  ],
  logUnread: ['Le journal n’a pas pu être relu', 'The log could not be read through', 'تعذرت قراءة السجل'],
  clockBranch: [
    'Heure de l’agence au moment du contrôle : {{moment}} ({{zone}})',
    'The branch’s time at the check: {{moment}} ({{zone}})',
    'وقت الفرع عند الفحص: {{moment}} ({{zone}})',
  ],
  clockDoubted: [
    'L’agence doute de son heure : un responsable doit la confirmer',
    'The branch doubts its clock: a manager must confirm it',
    'الفرع يشك في ساعته: على المدير تأكيدها',
  ],
  ntpYes: [
    'L’heure de la machine est réglée par le réseau',
    'The machine’s clock is set by the network',
    'ساعة الجهاز مضبوطة من الشبكة',
  ],
  ntpNo: [
    'L’heure de la machine n’est réglée par aucun réseau : elle dérivera',
    'No network sets the machine’s clock: it will drift',
    'لا شبكة تضبط ساعة الجهاز: ستنحرف',
  ],
  ntpUnknown: [
    'Cette machine ne dit pas si son heure est réglée par le réseau',
    'This machine does not say whether a network sets its clock',
    'لا يُعلم هذا الجهاز إن كانت الشبكة تضبط ساعته',
  ],
  clockNear: [
    'Horloge à {{seconds}} s de celle de l’agence (± {{errorSeconds}} s)',
    'Its clock is {{seconds}} s from the branch’s (± {{errorSeconds}} s)',
    'ساعته تبعد {{seconds}} ث عن ساعة الفرع، بخطأ حتى {{errorSeconds}} ث',
  ],
  clockFar: [
    'Horloge à {{seconds}} s de celle de l’agence (± {{errorSeconds}} s) ; permis : {{mostSeconds}} s',
    'Its clock is {{seconds}} s from the branch’s (± {{errorSeconds}} s); allowed: {{mostSeconds}} s',
    'ساعته تبعد {{seconds}} ث عن ساعة الفرع، بخطأ حتى {{errorSeconds}} ث؛ المسموح: {{mostSeconds}} ث',
  ],
  clockSame: [
    'Sur la machine de l’agence : la même horloge, rien à comparer',
    'On the branch’s own machine: one clock, nothing to compare',
    'على جهاز الفرع نفسه: ساعة واحدة لا شيء يُقارن',
  ],
  noDevice: ['Aucun appareil n’est relié', 'No device is paired', 'لا جهاز مرتبط'],
  noKiosk: ['Aucune borne n’est reliée', 'No kiosk is paired', 'لا كشك مرتبط'],
  noDisplay: ['Aucun écran de salle n’est relié', 'No lobby screen is paired', 'لا شاشة انتظار مرتبطة'],
  deviceAway: ['Pas de contact', 'Not in contact', 'لا اتصال'],
  deviceSilent: [
    'En contact, mais n’a pas répondu à temps',
    'In contact, but did not answer in time',
    'متصل لكنه لم يجب في الوقت',
  ],
  deviceFacts: [
    'SmartQueue {{version}}, Node {{node}}, {{system}} ; {{addresses}}',
    'SmartQueue {{version}}, Node {{node}}, {{system}}; {{addresses}}',
    'SmartQueue {{version}} · Node {{node}} · {{system}} · {{addresses}}',
  ],
  deviceOtherVersion: [
    'SmartQueue {{version}}, mais le serveur est en {{branchVersion}}',
    'SmartQueue {{version}}, but the server is {{branchVersion}}',
    'SmartQueue {{version}} لكن الخادم {{branchVersion}}',
  ],
  devicePage: ['Son écran est ouvert', 'Its screen is open', 'شاشته مفتوحة'],
  deviceNoPage: ['Aucun écran n’y est ouvert', 'No screen is open on it', 'لا شاشة مفتوحة عليه'],
  wayThere: [
    'Aller et retour {{p50}} ms (un sur deux), {{p99}} ms (99 sur 100) ; {{lost}} perdus sur {{count}}',
    'There and back {{p50}} ms (half of them), {{p99}} ms (99 of 100); {{lost}} of {{count}} lost',
    'ذهابًا وإيابًا {{p50}} م.ث نصف المرات، و {{p99}} م.ث في 99 من 100؛ فُقد {{lost}} من {{count}}',
  ],
  foundOnNetwork: [
    'A retrouvé l’agence en interrogeant le réseau : {{url}}, {{ms}} ms',
    'Found the branch by asking the network: {{url}}, {{ms}} ms',
    'وجد الفرع بسؤال الشبكة خلال {{ms}} م.ث عند {{url}}',
  ],
  notFoundOnNetwork: [
    'N’a pas retrouvé l’agence en interrogeant le réseau : si l’adresse change, il faut la lui dire',
    'Did not find the branch by asking the network: if the address changes, it must be told',
    'لم يجد الفرع بسؤال الشبكة: إن تغيّر العنوان فيجب إعلامه به',
  ],
  notAsked: [
    'Réseau non interrogé : l’agence n’écoute que cette machine',
    'Network not asked: the branch listens on this machine alone',
    'لم تُسأل الشبكة: الفرع لا يسمع إلا هذا الجهاز',
  ],
  printSeen: [
    'Imprimante {{place}} : le code du papier a été retapé. {{capability}}',
    'Printer {{place}}: the code on the paper was typed back. {{capability}}',
    'الطابعة {{place}}: أُعيدت كتابة الرمز من الورقة. {{capability}}',
  ],
  printSimulated: [
    'Imprimante {{place}} simulée : le code a été retapé d’une image, aucun papier n’est sorti',
    'Printer {{place}} is simulated: the code was typed from a picture, no paper came out',
    'الطابعة {{place}} محاكاة: كُتب الرمز من صورة ولم تخرج ورقة',
  ],
  printWrong: [
    'Imprimante {{place}} : le code du papier n’a pas été retapé juste. {{capability}}',
    'Printer {{place}}: the code on the paper was not typed back right. {{capability}}',
    'الطابعة {{place}}: لم يُكتب رمز الورقة صحيحًا. {{capability}}',
  ],
  printFailed: [
    'Imprimante {{place}} : elle n’a rien imprimé. {{capability}}',
    'Printer {{place}}: it printed nothing. {{capability}}',
    'الطابعة {{place}}: لم تطبع شيئًا. {{capability}}',
  ],
  'capability.confirmed': ['Elle confirme chaque ticket.', 'It confirms each ticket.', 'تؤكد كل تذكرة.'],
  'capability.status-only': [
    'Elle dit son état, sans confirmer les tickets.',
    'It tells its state but confirms no ticket.',
    'تُعلم بحالتها ولا تؤكد التذاكر.',
  ],
  'capability.blind': ['Elle ne dit rien d’elle-même.', 'It says nothing of itself.', 'لا تُعلم بشيء عن نفسها.'],
  screenSeen: ['Le code affiché a été retapé', 'The code on the screen was typed back', 'أُعيدت كتابة رمز الشاشة'],
  screenWrong: [
    'Le code affiché n’a pas été retapé juste',
    'The code on the screen was not typed back right',
    'لم يُكتب رمز الشاشة صحيحًا',
  ],
  screenDark: [
    'Aucun écran visible n’a dessiné le code',
    'No screen in sight drew the code',
    'لم ترسم أي شاشة ظاهرة الرمز',
  ],
  speechNotBuilt: [
    'Appels parlés : cette version n’en a pas',
    'Spoken calls: this version has none',
    'النداء الصوتي: لا يوجد في هذا الإصدار',
  ],
  chimeHeard: [
    'Le carillon a été compté juste : {{count}}',
    'The chime was counted right: {{count}}',
    'عُدّ الجرس صحيحًا: {{count}}',
  ],
  chimeWrong: [
    'Carillon sonné : {{count}} ; compté : {{heard}}',
    'Chimes rung: {{count}}; counted: {{heard}}',
    'الرنات: {{count}}؛ المعدود: {{heard}}',
  ],
  chimeSilent: ['Le navigateur n’a produit aucun son', 'The browser made no sound', 'لم يصدر المتصفح صوتًا'],
  tapAnswer: [
    'De l’appui à la réponse : {{p50}} ms (un sur deux), {{p99}} ms (99 sur 100), {{count}} mesures ; aller et retour nu : {{bareP50}} et {{bareP99}} ms',
    'Tap to answer: {{p50}} ms (half), {{p99}} ms (99 of 100), {{count}} measured; bare way there and back: {{bareP50}} and {{bareP99}} ms',
    'من اللمس إلى الجواب: {{p50}} م.ث نصف المرات، و {{p99}} م.ث في 99 من 100، القياسات {{count}}؛ الذهاب والإياب وحده: {{bareP50}} و {{bareP99}} م.ث',
  ],
  commitShown: [
    'De l’écriture à l’écran, retour compris : {{p50}} ms (un sur deux), {{p99}} ms (99 sur 100) ; le même chemin sans ticket : {{bareP50}} et {{bareP99}} ms',
    'Committed to shown, the way back included: {{p50}} ms (half), {{p99}} ms (99 of 100); the same way without a ticket: {{bareP50}} and {{bareP99}} ms',
    'من الحفظ إلى العرض مع العودة: {{p50}} م.ث نصف المرات، و {{p99}} م.ث في 99 من 100؛ الطريق نفسه بلا تذكرة: {{bareP50}} و {{bareP99}} م.ث',
  ],
  tapShown: [
    'De l’appui à l’écran, au plus : {{p50}} ms (un sur deux), {{p99}} ms (99 sur 100) ; limite {{mostMs}} ms',
    'Tap to shown, at most: {{p50}} ms (half), {{p99}} ms (99 of 100); limit {{mostMs}} ms',
    'من اللمس إلى العرض، على الأكثر: {{p50}} م.ث نصف المرات، و {{p99}} م.ث في 99 من 100؛ الحد {{mostMs}} م.ث',
  ],
  shownNever: [
    '{{lost}} tickets sur {{count}} n’ont pas été vus à l’écran',
    '{{lost}} of {{count}} tickets were not seen on the screen',
    'لم تظهر {{lost}} من {{count}} تذكرة على الشاشة',
  ],
  roundsFailed: [
    '{{lost}} tickets d’essai sur {{count}} n’ont pas abouti ({{reason}})',
    '{{lost}} of {{count}} test tickets did not come about ({{reason}})',
    'لم تكتمل {{lost}} من {{count}} تذكرة تجريبية ({{reason}})',
  ],
} as const satisfies Record<string, Three>
