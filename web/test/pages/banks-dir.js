// Before anything is drawn: language and direction, so that no text has to change sides.

const asked = new URLSearchParams(location.hash.slice(1));
document.documentElement.lang = asked.get('lang') ?? 'en';
document.documentElement.dir = asked.get('dir') ?? 'ltr';
