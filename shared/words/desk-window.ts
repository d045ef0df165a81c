/** What the caller's icon in the tray offers. */
export const deskWindow = {
  fr: {
    'tray.open': 'Ouvrir le guichet',
    'tray.bar': 'Afficher ou masquer la barre',
    'tray.quit': 'Quitter SmartQueue',
    'tray.keyTaken': '{{keys}} : touche prise par un autre programme',
  },
  en: {
    'tray.open': 'Open the desk',
    'tray.bar': 'Show or hide the bar',
    'tray.quit': 'Quit SmartQueue',
    'tray.keyTaken': '{{keys}}: taken by another program',
  },
  ar: {
    'tray.open': 'فتح الشباك',
    'tray.bar': 'إظهار الشريط أو إخفاؤه',
    'tray.quit': 'إنهاء SmartQueue',
    'tray.keyTaken': '{{keys}}: يستعملها برنامج آخر',
  },
} as const
