/** What staff are told of a kiosk's printer. */
export const printer = {
  fr: {
    'printer.place': '{{kiosk}}, imprimante {{place}}',
    'printer.paper-low': '{{kiosk}} : bientôt plus de papier',
    'printer.load-paper': '{{kiosk}} : plus de papier, remettez un rouleau',
    'printer.close-cover': '{{kiosk}} : capot ouvert, fermez l’imprimante',
    'printer.check-printer': '{{kiosk}} : l’imprimante est en panne',
    'printer.not-reachable': '{{kiosk}} : l’imprimante ne répond pas',
  },
  en: {
    'printer.place': '{{kiosk}}, printer {{place}}',
    'printer.paper-low': '{{kiosk}}: paper is running low',
    'printer.load-paper': '{{kiosk}}: no paper, put in a roll',
    'printer.close-cover': '{{kiosk}}: cover open, close the printer',
    'printer.check-printer': '{{kiosk}}: the printer is out of order',
    'printer.not-reachable': '{{kiosk}}: the printer does not answer',
  },
  ar: {
    'printer.place': '{{kiosk}}، الطابعة {{place}}',
    'printer.paper-low': '{{kiosk}}: الورق على وشك النفاد',
    'printer.load-paper': '{{kiosk}}: نفد الورق، ضع لفافة جديدة',
    'printer.close-cover': '{{kiosk}}: الغطاء مفتوح، أغلق الطابعة',
    'printer.check-printer': '{{kiosk}}: الطابعة معطلة',
    'printer.not-reachable': '{{kiosk}}: الطابعة لا تستجيب',
  },
} as const
