import type { Three } from './commissioning.ts'

/** What the installer is told and asked, and what frames the report: French, English, Arabic. */
export const commissioningRun = {
  'step.server': ['Serveur de l’agence', 'Branch server', 'خادم الفرع'],
  'step.clock': ['Horloges', 'Clocks', 'الساعات'],
  'step.network': ['Appareils et réseau', 'Devices and network', 'الأجهزة والشبكة'],
  'step.printers': ['Imprimantes', 'Printers', 'الطابعات'],
  'step.displays': ['Écrans', 'Displays', 'الشاشات'],
  'step.voice': ['Son et voix', 'Sound and voice', 'الصوت والنداء'],
  'step.latency': ['De l’appui à l’écran', 'From tap to screen', 'من اللمس إلى الشاشة'],
  'step.printer-plug': ['Prise de l’imprimante', 'Printer plug', 'قابس الطابعة'],
  'step.network-plug': ['Câble réseau de la borne', 'Network plug of the kiosk', 'كابل شبكة الكشك'],
  'step.power': ['Prise du serveur', 'Plug of the server', 'قابس الخادم'],
  'verdict.good': ['Vu, en ordre', 'Seen, in order', 'شوهد وهو سليم'],
  'verdict.bad': ['Vu, pas en ordre', 'Seen, not in order', 'شوهد وليس سليمًا'],
  'verdict.skipped': ['Non contrôlé', 'Not checked', 'لم يُفحص'],
  'verdict.told': ['Pour information', 'For information', 'للعلم'],
  welcome: [
    'Mise en service de l’agence « {{branch}} ». À chaque question, « - » laisse l’étape de côté ; le rapport le dira.',
    'Commissioning of the branch “{{branch}}”. At each question “-” leaves the step out; the report will say so.',
    'تشغيل الفرع «{{branch}}». عند كل سؤال يترك «-» الخطوة جانبًا، وسيذكر التقرير ذلك.',
  ],
  resumed: [
    'Reprise de la mise en service commencée le {{moment}}.',
    'Going on with the commissioning that began on {{moment}}.',
    'متابعة التشغيل الذي بدأ في {{moment}}.',
  ],
  askName: ['Votre nom, pour le rapport', 'Your name, for the report', 'اسمكم للتقرير'],
  askPrint: [
    '{{device}}, imprimante {{place}} : tapez les quatre chiffres du papier',
    '{{device}}, printer {{place}}: type the four digits on the paper',
    '{{device}}، الطابعة {{place}}: اكتبوا الأرقام الأربعة من الورقة',
  ],
  askScreen: [
    '{{device}} : tapez les quatre chiffres de l’écran',
    '{{device}}: type the four digits on the screen',
    '{{device}}: اكتبوا الأرقام الأربعة من الشاشة',
  ],
  askRings: [
    '{{device}} : combien de fois le carillon a-t-il sonné ?',
    '{{device}}: how many times did the chime ring?',
    '{{device}}: كم مرة رنّ الجرس؟',
  ],
  listen: [
    '{{device}} : écoutez, puis appuyez sur Entrée pour faire sonner',
    '{{device}}: listen, then press Enter to let it ring',
    '{{device}}: أنصتوا ثم اضغطوا Enter ليرنّ',
  ],
  wrongCode: [
    'Ce n’est pas ce code. Regardez encore.',
    'That is not the code. Please look again.',
    'ليس هذا الرمز. انظروا مرة أخرى.',
  ],
  measuring: [
    'Mesure en cours : {{count}} tickets d’essai…',
    'Measuring: {{count}} test tickets…',
    'جارٍ القياس: {{count}} تذكرة تجريبية…',
  ],
  pullPrinter: [
    '{{device}}, imprimante {{place}} : appuyez sur Entrée et tirez sa prise au même instant',
    '{{device}}, printer {{place}}: press Enter and pull its plug at the same moment',
    '{{device}}، الطابعة {{place}}: اضغطوا Enter وافصلوا قابسها في اللحظة نفسها',
  ],
  plugPrinter: [
    'Rebranchez l’imprimante, puis Entrée',
    'Plug the printer in again, then Enter',
    'أعيدوا وصل الطابعة ثم Enter',
  ],
  pullNetwork: [
    '{{device}} : appuyez sur Entrée, puis tirez son câble réseau',
    '{{device}}: press Enter, then pull its network plug',
    '{{device}}: اضغطوا Enter ثم افصلوا كابل شبكته',
  ],
  networkGone: [
    '{{device}} est seule. Attendez {{seconds}} secondes…',
    '{{device}} is alone. Please wait {{seconds}} seconds…',
    '{{device}} وحده الآن. انتظروا {{seconds}} ثانية…',
  ],
  plugNetwork: [
    'Rebranchez maintenant le câble réseau de {{device}}.',
    'Plug the network of {{device}} in again now.',
    'أعيدوا الآن وصل شبكة {{device}}.',
  ],
  readyForPower: [
    'Prise du serveur : des bornes prendront des tickets d’essai pendant que vous coupez le courant. Entrée quand vous êtes près de la prise',
    'Plug of the server: kiosks will take test tickets while you cut its power. Enter when you stand at the plug',
    'قابس الخادم: ستأخذ الأكشاك تذاكر تجريبية أثناء قطع الكهرباء. Enter عندما تكونون عند القابس',
  ],
  pullPower: [
    'TIREZ LA PRISE DU SERVEUR MAINTENANT. Attendez 30 secondes, rebranchez. Ensuite, si ce programme s’est arrêté : npm run branch -- commission --resume',
    'PULL THE PLUG OF THE SERVER NOW. Wait 30 seconds, plug it in again. Then, if this program has ended: npm run branch -- commission --resume',
    'افصلوا قابس الخادم الآن. انتظروا 30 ثانية ثم أعيدوا وصله. بعد ذلك، إن كان هذا البرنامج قد توقف: npm run branch -- commission --resume',
  ],
  serverGone: [
    'Le serveur ne répond plus. On l’attend…',
    'The server does not answer any more. Waiting for it…',
    'لم يعد الخادم يجيب. بانتظاره…',
  ],
  serverBack: [
    'Le serveur est revenu. On compare ce que les bornes ont promis…',
    'The server is back. Comparing what the kiosks have given…',
    'عاد الخادم. جارٍ مقارنة ما أعطته الأكشاك…',
  ],
  doneAt: ['Rapport signé : {{file}}', 'Signed report: {{file}}', 'التقرير الموقّع: {{file}}'],
  tally: [
    '{{good}} en ordre, {{bad}} pas en ordre, {{skipped}} non contrôlés',
    '{{good}} in order, {{bad}} not in order, {{skipped}} not checked',
    'السليم {{good}}، غير السليم {{bad}}، غير المفحوص {{skipped}}',
  ],
  title: ['Procès-verbal de mise en service', 'Commissioning report', 'محضر التشغيل'],
  who: ['Contrôlé par', 'Checked by', 'الفاحص'],
  when: ['Du {{from}} au {{to}}', 'From {{from}} to {{to}}', 'من {{from}} إلى {{to}}'],
  branchKey: ['Clé de l’agence, en six mots', 'Key of the branch, in six words', 'مفتاح الفرع بست كلمات'],
  devices: ['Appareils reliés', 'Paired devices', 'الأجهزة المرتبطة'],
  signature: [
    'Ce fichier est signé avec la clé de l’agence. Pour le vérifier : npm run branch -- verify FICHIER',
    'This file is signed with the key of the branch. To verify it: npm run branch -- verify FILE',
    'هذا الملف موقّع بمفتاح الفرع. للتحقق منه: npm run branch -- verify FILE',
  ],
  notMore: [
    'Ce rapport dit ce qui a été vu ce jour-là, sur ces appareils, et rien de plus.',
    'This report says what was seen on that day, on these devices, and nothing more.',
    'يذكر هذا التقرير ما شوهد في ذلك اليوم على هذه الأجهزة ولا شيء أكثر.',
  ],
  page: ['Page {{page}} sur {{pages}}', 'Page {{page}} of {{pages}}', 'صفحة {{page}} من {{pages}}'],
  sealWhole: [
    'Entier et signé avec la clé : {{words}}',
    'Whole, and signed with the key: {{words}}',
    'سليم وموقّع بالمفتاح: {{words}}',
  ],
  sealOurs: ['C’est la clé de cette agence.', 'That is the key of this branch.', 'هذا مفتاح هذا الفرع.'],
  sealOther: [
    'Ce dossier de données a une autre clé, ou aucune : comparez les six mots avec ceux de l’agence.',
    'This data folder has another key, or none: compare the six words with those of the branch.',
    'لمجلد البيانات هذا مفتاح آخر أو لا مفتاح له: قارنوا الكلمات الست بكلمات الفرع.',
  ],
  sealBroken: [
    'Ce fichier n’est pas le rapport qui a été signé : il a été changé, ou ne porte pas de signature.',
    'This file is not the report that was signed: it was changed, or bears no signature.',
    'هذا الملف ليس التقرير الموقّع: لقد غُيّر أو لا توقيع عليه.',
  ],
  folderUnknown: [
    'Ce dossier de données n’est pas celui d’une agence : {{folder}}',
    'This data folder is not that of a branch: {{folder}}',
    'مجلد البيانات هذا ليس لفرع: {{folder}}',
  ],
  serverAway: [
    'Le serveur de l’agence ne répond pas à {{url}} : démarrez-le d’abord.',
    'The branch server does not answer at {{url}}: start it first.',
    'خادم الفرع لا يجيب على {{url}}: شغّلوه أولًا.',
  ],
  serverLost: [
    'Le serveur de l’agence ne répond plus ; ce qui est contrôlé est gardé : npm run branch -- commission --resume',
    'The branch server does not answer any more; what was checked is kept: npm run branch -- commission --resume',
    'لم يعد خادم الفرع يجيب؛ ما فُحص محفوظ: npm run branch -- commission --resume',
  ],
  notThisBranch: [
    'Ce qui répond à {{url}} n’est pas le serveur de cette agence. Rien ne lui a été dit : cherchez quel programme occupe le port.',
    'Whoever answers at {{url}} is not the server of this branch. Nothing was told there: look which program has the port.',
    'الذي يجيب على {{url}} ليس خادم هذا الفرع. لم يُرسَل إليه شيء: ابحثوا عن البرنامج الذي يشغل المنفذ.',
  ],
  ownFileMissing: [
    'Impossible de lire {{file}} : sans lui, rien ne prouve que c’est cette agence qui répond. Lancez la commande avec l’utilisateur et le dossier du serveur.',
    '{{file}} cannot be read: without it nothing proves that it is this branch that answers. Run the command as the user, and with the folder, of the server.',
    'لا يمكن قراءة {{file}}: من دونه لا يثبت شيء أن هذا الفرع هو الذي يجيب. شغّلوا الأمر بمستخدم الخادم ومجلده.',
  ],
  tokenRefused: [
    'Le serveur de l’agence ne reconnaît pas le jeton de l’installateur (BRANCH_INSTALLER_TOKEN).',
    'The branch server does not take the installer’s token (BRANCH_INSTALLER_TOKEN).',
    'لا يقبل خادم الفرع رمز المركّب (BRANCH_INSTALLER_TOKEN).',
  ],
  noCatalogue: [
    'L’agence n’a pas encore de catalogue : envoyez-le d’abord.',
    'The branch has no catalogue yet: send it first.',
    'ليس للفرع فهرس بعد: أرسلوه أولًا.',
  ],
  unfinished: [
    'Une mise en service est commencée : --resume la continue, --new la laisse de côté.',
    'A commissioning has begun: --resume goes on with it, --new leaves it behind.',
    'بدأ تشغيل من قبل: ‎--resume يتابعه و‎--new يتركه.',
  ],
  nothingBegun: ['Aucune mise en service n’est commencée.', 'No commissioning has begun.', 'لم يبدأ أي تشغيل.'],
  inputEnded: [
    'La saisie est terminée ; ce qui est contrôlé est gardé : npm run branch -- commission --resume',
    'There is no more input; what was checked is kept: npm run branch -- commission --resume',
    'انتهى الإدخال؛ ما فُحص محفوظ: npm run branch -- commission --resume',
  ],
} as const satisfies Record<string, Three>
