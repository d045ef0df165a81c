import type { DoorCode } from '../wire/door-code.ts'

/** What else a person can meet: at the door, on the disk, on the way. The other codes are for programmers. */
type MetCode = Extract<
  DoorCode,
  | 'AlreadyPaired'
  | 'BranchUnreachable'
  | 'ClipInvalid'
  | 'ClipUnknown'
  | 'IdempotencyKeyReused'
  | 'KioskSlotsExhausted'
  | 'MarkOnItsWay'
  | 'MarksFull'
  | 'MediaFull'
  | 'MediaInUse'
  | 'MediaPartElsewhere'
  | 'MediaRefused'
  | 'MediaTypeUnsupported'
  | 'MediaUnknown'
  | 'NoPrinter'
  | 'NotPaired'
  | 'PackUnknown'
  | 'PacksFull'
  | 'PairingCodeInvalid'
  | 'PaperNotOurs'
  | 'PinEasy'
  | 'PinLocked'
  | 'PinWrong'
  | 'PrintJobNotInDoubt'
  | 'PrintJobUnknown'
  | 'RightsTooOld'
  | 'PrinterAddressInvalid'
  | 'PrinterDeviceMissing'
  | 'PrinterOutsideNetwork'
  | 'PrinterPortUnusual'
  | 'PrinterSetElsewhere'
  | 'RequestTooLarge'
  | 'SpeechUnavailable'
  | 'StaffMenuLocked'
  | 'StorageUnavailable'
  | 'TooBusy'
  | 'TooManyRequests'
  | 'Unauthorized'
>

type DoorTexts = Record<`problem.${MetCode | 'HostUnreachable' | 'FileUnreadable'}`, string>

const fr = {
  'problem.ClipInvalid': 'Ce clip ne convient pas : un mot qui s’entend, de quatre secondes au plus.',
  'problem.ClipUnknown': 'Ce clip n’est plus là.',
  'problem.MediaFull': 'Il n’y a plus de place pour un fichier. Supprimez-en un qu’aucun écran ne montre.',
  'problem.MediaInUse': 'Un écran montre ce fichier. Retirez-le d’abord de son programme.',
  'problem.MediaPartElsewhere': 'Ce fichier est déjà en route, peut-être d’un autre poste. Réessayez dans un instant.',
  'problem.MediaRefused':
    'Ce fichier n’est ni une image ni un film que les écrans montrent, ou l’image est trop grande.',
  'problem.MediaTypeUnsupported': 'Ce fichier n’a pas pu être envoyé sous cette forme.',
  'problem.MediaUnknown': 'Ce fichier n’est plus là.',
  'problem.PackUnknown': 'Cette voix n’est plus là.',
  'problem.PacksFull': 'Il n’y a plus de place pour une voix ou un clip. Supprimez-en d’abord.',
  'problem.RequestTooLarge': 'Ce fichier est trop grand.',
  'problem.MarkOnItsWay': 'Cette marque est déjà partie vers le serveur.',
  'problem.MarksFull': 'Trop de marques attendent le serveur. Continuez sur papier.',
  'problem.NoPrinter': 'Aucune borne ne peut imprimer pour le moment.',
  'problem.AlreadyPaired': 'Cet appareil est déjà relié. Retirez-le d’abord de son agence.',
  'problem.BranchUnreachable': 'Le serveur de l’agence ne répond pas. Réessayez dans un instant.',
  'problem.FileUnreadable': 'Ce fichier ne peut pas être lu. Est-il encore là ?',
  'problem.HostUnreachable': 'Cet appareil redémarre. Réessayez dans un instant.',
  'problem.IdempotencyKeyReused': 'Réessayez, s’il vous plaît.',
  'problem.PinEasy': 'Ce code PIN se devine trop vite. Choisissez-en un autre.',
  'problem.RightsTooOld':
    'Le siège ne répond plus depuis trop longtemps. Un responsable doit d’abord confirmer qui travaille ici.',
  'problem.PinWrong': 'Ce code PIN ne convient pas. Retapez-le.',
  'problem.PrintJobNotInDoubt': 'Ce papier n’est pas en doute, ou quelqu’un a déjà répondu.',
  'problem.PrintJobUnknown': 'Ce papier est trop ancien : la borne ne le connaît plus.',
  'problem.PrinterAddressInvalid': 'Ce n’est pas l’adresse d’une imprimante. Vérifiez-la, par exemple 192.168.1.50.',
  'problem.PrinterDeviceMissing': 'Il n’y a pas d’imprimante à cette prise. Vérifiez le câble et cherchez encore.',
  'problem.PrinterOutsideNetwork': 'Cette adresse n’est pas sur le réseau de l’agence. Vérifiez-la.',
  'problem.PrinterPortUnusual': 'Le numéro après les deux-points doit être entre 9100 et 9109.',
  'problem.PrinterSetElsewhere': 'L’imprimante est réglée sur la machine (KIOSK_PRINTER).',
  'problem.SpeechUnavailable': 'Cette borne ne peut pas parler pour le moment. Un agent peut vous aider.',
  'problem.StaffMenuLocked': 'Trop d’essais sur cette borne. Un nouvel essai sera possible dans dix minutes au plus.',
  'problem.StorageUnavailable': 'Le serveur n’a pas pu enregistrer. Réessayez dans un instant.',
  'problem.Unauthorized': 'Cet appareil n’est plus relié à l’agence. Prévenez l’installateur.',
  'problem.PairingCodeInvalid': 'Ce code n’est pas valable ou a expiré. Vérifiez-le, ou demandez-en un nouveau.',
  'problem.NotPaired': 'Cet appareil n’est pas encore relié à l’agence.',
  'problem.KioskSlotsExhausted': 'Neuf bornes sont déjà reliées à cette agence. Retirez-en une d’abord.',
  'problem.PaperNotOurs': 'Ce papier ne vient d’aucune borne de cette agence.',
  'problem.PinLocked':
    'Trop d’essais sur cet appareil. Attendez un moment ; l’attente s’allonge à chaque erreur. Un responsable peut donner un nouveau code.',
  'problem.TooManyRequests': 'Trop de demandes. Patientez un instant.',
  'problem.TooBusy': 'Le serveur est très occupé. Réessayez dans un instant.',
} as const satisfies DoorTexts

const en = {
  'problem.ClipInvalid': 'This clip does not fit: a word that is heard, four seconds at most.',
  'problem.ClipUnknown': 'This clip is no longer there.',
  'problem.MediaFull': 'There is no room for another file. Please delete one that no display shows.',
  'problem.MediaInUse': 'A display shows this file. Please take it off its programme first.',
  'problem.MediaPartElsewhere':
    'This file is on its way already, perhaps from another desk. Please try again in a moment.',
  'problem.MediaRefused': 'This file is no picture and no film that displays show, or the picture is too large.',
  'problem.MediaTypeUnsupported': 'This file could not be sent in this form.',
  'problem.MediaUnknown': 'This file is no longer there.',
  'problem.PackUnknown': 'This voice is no longer there.',
  'problem.PacksFull': 'There is no room for another voice or clip. Please delete some first.',
  'problem.RequestTooLarge': 'This file is too large.',
  'problem.MarkOnItsWay': 'This mark is already on its way to the server.',
  'problem.MarksFull': 'Too many marks are waiting for the server. Please go on on paper.',
  'problem.NoPrinter': 'No kiosk can print just now.',
  'problem.AlreadyPaired': 'This device is paired already. Please remove it at its branch first.',
  'problem.BranchUnreachable': 'The branch server does not answer. Please try again in a moment.',
  'problem.FileUnreadable': 'This file cannot be read. Is it still there?',
  'problem.HostUnreachable': 'This device is restarting. Please try again in a moment.',
  'problem.IdempotencyKeyReused': 'Please try again.',
  'problem.PinEasy': 'This PIN is guessed too soon. Choose another one.',
  'problem.RightsTooOld': 'Head office has not been heard for too long. A manager must first confirm who works here.',
  'problem.PinWrong': 'This PIN does not match. Please type it again.',
  'problem.PrintJobNotInDoubt': 'This paper is not in doubt, or somebody has answered already.',
  'problem.PrintJobUnknown': 'This paper is too old: the kiosk no longer knows it.',
  'problem.PrinterAddressInvalid': 'This is not a printer’s address. Please check it, for example 192.168.1.50.',
  'problem.PrinterDeviceMissing': 'There is no printer at this socket. Please check the cable and search again.',
  'problem.PrinterOutsideNetwork': 'This address is not on the branch’s network. Please check it.',
  'problem.PrinterPortUnusual': 'The number after the colon must be between 9100 and 9109.',
  'problem.PrinterSetElsewhere': 'The printer is set on the machine (KIOSK_PRINTER).',
  'problem.SpeechUnavailable': 'This kiosk cannot speak at the moment. A member of staff can help you.',
  'problem.StaffMenuLocked': 'Too many tries at this kiosk. Another one is possible within ten minutes.',
  'problem.StorageUnavailable': 'The server could not record this. Please try again in a moment.',
  'problem.Unauthorized': 'This device is no longer linked to the branch. Please tell the installer.',
  'problem.PairingCodeInvalid': 'This code is not valid or has expired. Please check it, or ask for a new one.',
  'problem.NotPaired': 'This device is not linked to a branch yet.',
  'problem.KioskSlotsExhausted': 'Nine kiosks are linked to this branch already. Please remove one first.',
  'problem.PaperNotOurs': 'This paper comes from no kiosk of this branch.',
  'problem.PinLocked':
    'Too many tries at this device. Wait a while: it gets longer with each wrong try. A manager can give a new PIN.',
  'problem.TooManyRequests': 'Too many requests. Please wait a moment.',
  'problem.TooBusy': 'The server is very busy. Please try again in a moment.',
} as const satisfies DoorTexts

const ar = {
  'problem.ClipInvalid': 'هذا المقطع غير مناسب: كلمة مسموعة لا تزيد على أربع ثوانٍ.',
  'problem.ClipUnknown': 'لم يعد هذا المقطع موجودًا.',
  'problem.MediaFull': 'لا مكان لملف آخر. احذف ملفًا لا تعرضه أي شاشة.',
  'problem.MediaInUse': 'تعرض إحدى الشاشات هذا الملف. أزله أولًا من برنامجها.',
  'problem.MediaPartElsewhere': 'هذا الملف في الطريق بالفعل، ربما من جهاز آخر. يرجى المحاولة بعد لحظة.',
  'problem.MediaRefused': 'ليس هذا الملف صورة ولا فيلمًا تعرضه الشاشات، أو الصورة كبيرة جدًا.',
  'problem.MediaTypeUnsupported': 'تعذر إرسال الملف بهذا الشكل.',
  'problem.MediaUnknown': 'لم يعد هذا الملف موجودًا.',
  'problem.PackUnknown': 'لم يعد هذا الصوت موجودًا.',
  'problem.PacksFull': 'لا مكان لصوت أو مقطع آخر. احذف بعضها أولًا.',
  'problem.RequestTooLarge': 'هذا الملف كبير جدًا.',
  'problem.MarkOnItsWay': 'أُرسلت هذه العلامة إلى الخادم بالفعل.',
  'problem.MarksFull': 'علامات كثيرة تنتظر الخادم. تابعوا على الورق.',
  'problem.NoPrinter': 'لا يمكن لأي كشك الطباعة الآن.',
  'problem.AlreadyPaired': 'هذا الجهاز مرتبط بالفعل. يرجى إزالته من فرعه أولًا.',
  'problem.BranchUnreachable': 'خادم الفرع لا يجيب. يرجى المحاولة بعد لحظة.',
  'problem.FileUnreadable': 'تعذرت قراءة هذا الملف. هل ما زال موجودًا؟',
  'problem.HostUnreachable': 'يُعاد تشغيل هذا الجهاز. يرجى المحاولة بعد لحظة.',
  'problem.IdempotencyKeyReused': 'يرجى المحاولة مرة أخرى.',
  'problem.PinEasy': 'رمز PIN هذا سهل التخمين. اختر رمزاً آخر.',
  'problem.RightsTooOld': 'لم تصل أخبار من الإدارة العامة منذ مدة طويلة. يجب أن يؤكد المدير أولاً من يعمل هنا.',
  'problem.PinWrong': 'الرمز السري غير مطابق. يرجى إدخاله من جديد.',
  'problem.PrintJobNotInDoubt': 'لا شك في هذه الورقة، أو سبق أن أجاب أحدهم.',
  'problem.PrintJobUnknown': 'هذه الورقة قديمة جدًا: لم يعد الكشك يعرفها.',
  'problem.PrinterAddressInvalid': 'هذا ليس عنوان طابعة. يرجى التحقق منه، مثل 192.168.1.50.',
  'problem.PrinterDeviceMissing': 'لا توجد طابعة على هذا المنفذ. يرجى التحقق من الكابل والبحث من جديد.',
  'problem.PrinterOutsideNetwork': 'هذا العنوان ليس على شبكة الفرع. يرجى التحقق منه.',
  'problem.PrinterPortUnusual': 'يجب أن يكون الرقم بعد النقطتين بين 9100 و9109.',
  'problem.PrinterSetElsewhere': 'الطابعة محددة على الجهاز (KIOSK_PRINTER).',
  'problem.SpeechUnavailable': 'لا يستطيع هذا الكشك التكلم حاليًا. يمكن لأحد الموظفين مساعدتك.',
  'problem.StaffMenuLocked': 'محاولات كثيرة على هذا الكشك. تصبح محاولة جديدة ممكنة خلال عشر دقائق.',
  'problem.StorageUnavailable': 'تعذّر الحفظ على الخادم. يرجى المحاولة بعد لحظة.',
  'problem.Unauthorized': 'لم يعد هذا الجهاز مرتبطًا بالفرع. يرجى إبلاغ المركّب.',
  'problem.PairingCodeInvalid': 'هذا الرمز غير صالح أو انتهت مدته. يرجى التحقق منه أو طلب رمز جديد.',
  'problem.NotPaired': 'لم يُربط هذا الجهاز بالفرع بعد.',
  'problem.KioskSlotsExhausted': 'تسعة أكشاك مرتبطة بهذا الفرع بالفعل. يرجى إزالة أحدها أولًا.',
  'problem.PaperNotOurs': 'هذه الورقة لم تصدر عن أي كشك في هذا الفرع.',
  'problem.PinLocked': 'محاولات كثيرة على هذا الجهاز. يرجى الانتظار: تطول المدة مع كل خطأ. يمكن للمدير إعطاء رمز جديد.',
  'problem.TooManyRequests': 'طلبات كثيرة. يرجى الانتظار لحظة.',
  'problem.TooBusy': 'الخادم مشغول جدًا. يرجى المحاولة بعد لحظة.',
} as const satisfies DoorTexts

/** As for refusals: a short sentence for each code, and a code without one does not compile. */
export const doorProblems = { fr, en, ar }
