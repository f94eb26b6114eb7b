// What went wrong, in plain words: a title, what it means, what to do. One entry for every code.

import type { BankConnectErrorCode } from 'bankconnect';

export interface FailureText {
  readonly title: string;
  readonly text: string;
  readonly todo: string;
}

export type FailureTexts = Readonly<Record<BankConnectErrorCode, FailureText>>;

const say = (title: string, text: string, todo: string): FailureText => ({ title, text, todo });

export const failuresEn: FailureTexts = {
  cancelled: say(
    'You said no at the bank',
    'Nothing was shared and nothing is wrong.',
    'You can connect whenever you like.',
  ),
  closed: say(
    'The bank’s window was closed',
    'The connection was not finished, so nothing was shared.',
    'Connect again and stay in the bank’s window until it closes by itself.',
  ),
  authorization_expired: say(
    'That took too long',
    'For your safety a connection must be finished within ten minutes, and only once.',
    'Please start again.',
  ),
  not_connected: say(
    'No bank is connected here',
    'This browser holds no connection any more.',
    'Connect your bank to see your accounts.',
  ),
  reconnect: say(
    'This connection has ended',
    'The bank no longer lets us read your accounts.',
    'Connect the bank again to go on.',
  ),
  refused: say(
    'Stopped for your safety',
    'A security check did not pass, so the connection was not made.',
    'Do not repeat it from a link someone sent you. Start again from this page.',
  ),
  state_mismatch: say(
    'This return does not belong here',
    'The bank’s answer does not match anything you started in this browser.',
    'Start again from this page.',
  ),
  untrusted_url: say(
    'Stopped for your safety',
    'We were sent to an address that is not the bank’s.',
    'Please try later, and tell us the code below.',
  ),
  scope_missing: say(
    'This was not shared',
    'You gave the bank no permission for this kind of data.',
    'Connect again and allow it, if you wish.',
  ),
  bank_refused: say(
    'The bank refused',
    'The bank understood the question and said no.',
    'Its reason is in the code below. Trying again will not help.',
  ),
  bank_unavailable: say(
    'The bank does not answer',
    'The bank’s service is out of order just now. Your connection is not affected.',
    'Please try again in a few minutes.',
  ),
  outcome_unknown: say(
    'We do not know whether the bank took it',
    'The bank was asked to act, and its answer got lost on the way.',
    'Look at the state of the payment before you try again: it may have been made.',
  ),
  rate_limited: say(
    'Too many requests',
    'The bank allows only a certain number of readings.',
    'Please wait a little and try again.',
  ),
  network: say(
    'No connection',
    'The server of this app could not be reached.',
    'Check your internet connection and try again.',
  ),
  timeout: say('No answer in time', 'The server of this app took too long.', 'Please try again.'),
  internal: say(
    'Something broke on our side',
    'It is our mistake, not yours or the bank’s.',
    'Please try again later. Quote the request below if you write to us.',
  ),
  not_found: say(
    'There is no such thing',
    'What you are looking for does not exist or is no longer shared.',
    'Go back to the overview.',
  ),
  invalid_request: say(
    'The page made a mistake',
    'The request of this page was not understood.',
    'Reload the page. If it happens again, tell us the code below.',
  ),
  too_large: say(
    'Too much at once',
    'The request was larger than the server takes.',
    'Please tell us the code below.',
  ),
  invalid_response: say(
    'An answer we do not understand',
    'The answer was not what this page expects.',
    'Reload the page. If it happens again, tell us the code below.',
  ),
  not_offered: say(
    'This bank does not offer it',
    'The bank speaks an older version of the standard, which does not have this.',
    'There is nothing you can do here.',
  ),
  invalid_order: say(
    'Something in the order is not right',
    'It was not sent to the bank.',
    'Please check what you have filled in.',
  ),
  config: say(
    'The page is set up wrongly',
    'This app is not configured as it should be.',
    'Please tell us the code below.',
  ),
  unsupported: say(
    'This browser cannot do it',
    'The browser is too old, or something in it forbids what we need.',
    'Please try another browser, or update this one.',
  ),
  storage_unavailable: say(
    'The browser blocks its memory',
    'We must remember the attempt while you are at the bank, and the browser does not let us.',
    'Allow this site to keep data, or leave the private window.',
  ),
  in_progress: say(
    'Already on the way',
    'A connection has been started and is not finished.',
    'Finish it at the bank, or reload the page.',
  ),
};

export const failuresCs: FailureTexts = {
  cancelled: say(
    'V bance jste souhlas nedali',
    'Nic se nesdílí a nic není špatně.',
    'Připojit se můžete, kdykoli budete chtít.',
  ),
  closed: say(
    'Okno banky se zavřelo',
    'Připojení nebylo dokončeno, takže se nic nesdílí.',
    'Připojte se znovu a v okně banky zůstaňte, dokud se samo nezavře.',
  ),
  authorization_expired: say(
    'Trvalo to příliš dlouho',
    'Pro vaši bezpečnost se připojení musí dokončit do deseti minut, a to jen jednou.',
    'Začněte prosím znovu.',
  ),
  not_connected: say(
    'Žádná banka tu není připojena',
    'Tento prohlížeč už žádné spojení nemá.',
    'Připojte svou banku a uvidíte své účty.',
  ),
  reconnect: say(
    'Toto spojení skončilo',
    'Banka nám už vaše účty číst nedovolí.',
    'Chcete-li pokračovat, připojte banku znovu.',
  ),
  refused: say(
    'Zastaveno pro vaši bezpečnost',
    'Bezpečnostní kontrola neprošla, a spojení proto nevzniklo.',
    'Neopakujte to z odkazu, který vám někdo poslal. Začněte znovu z této stránky.',
  ),
  state_mismatch: say(
    'Tento návrat sem nepatří',
    'Odpověď banky neodpovídá ničemu, co jste v tomto prohlížeči začali.',
    'Začněte znovu z této stránky.',
  ),
  untrusted_url: say(
    'Zastaveno pro vaši bezpečnost',
    'Byli jsme posláni na adresu, která nepatří bance.',
    'Zkuste to prosím později a sdělte nám kód níže.',
  ),
  scope_missing: say(
    'Toto se nesdílí',
    'K tomuto druhu údajů jste bance souhlas nedali.',
    'Pokud chcete, připojte se znovu a povolte je.',
  ),
  bank_refused: say(
    'Banka odmítla',
    'Banka dotazu rozuměla a řekla ne.',
    'Důvod je v kódu níže. Opakování nepomůže.',
  ),
  bank_unavailable: say(
    'Banka neodpovídá',
    'Služba banky je právě mimo provoz. Vašeho spojení se to nedotklo.',
    'Zkuste to prosím za několik minut.',
  ),
  outcome_unknown: say(
    'Nevíme, zda banka pokyn přijala',
    'Banka dostala pokyn a její odpověď se cestou ztratila.',
    'Než to zkusíte znovu, podívejte se na stav platby: možná už je zadaná.',
  ),
  rate_limited: say(
    'Příliš mnoho dotazů',
    'Banka dovoluje jen určitý počet čtení.',
    'Chvíli prosím počkejte a zkuste to znovu.',
  ),
  network: say(
    'Chybí spojení',
    'Server této aplikace není dosažitelný.',
    'Zkontrolujte připojení k internetu a zkuste to znovu.',
  ),
  timeout: say(
    'Odpověď nepřišla včas',
    'Server této aplikace odpovídal příliš dlouho.',
    'Zkuste to prosím znovu.',
  ),
  internal: say(
    'Něco se pokazilo u nás',
    'Je to naše chyba, ne vaše ani banky.',
    'Zkuste to prosím později. Pokud nám napíšete, uveďte požadavek níže.',
  ),
  not_found: say(
    'Nic takového tu není',
    'Co hledáte, neexistuje nebo se už nesdílí.',
    'Vraťte se na přehled.',
  ),
  invalid_request: say(
    'Stránka udělala chybu',
    'Dotazu této stránky server neporozuměl.',
    'Načtěte stránku znovu. Pokud se to opakuje, sdělte nám kód níže.',
  ),
  too_large: say(
    'Příliš mnoho najednou',
    'Dotaz byl větší, než server přijímá.',
    'Sdělte nám prosím kód níže.',
  ),
  invalid_response: say(
    'Odpověď, které nerozumíme',
    'Odpověď nebyla taková, jakou stránka čeká.',
    'Načtěte stránku znovu. Pokud se to opakuje, sdělte nám kód níže.',
  ),
  not_offered: say(
    'Tato banka to nenabízí',
    'Banka používá starší verzi standardu, která to neumí.',
    'Zde s tím nic neuděláte.',
  ),
  invalid_order: say(
    'V příkazu něco nesouhlasí',
    'Do banky se neodeslal.',
    'Zkontrolujte prosím, co jste vyplnili.',
  ),
  config: say(
    'Stránka je špatně nastavena',
    'Aplikace není nastavena, jak má být.',
    'Sdělte nám prosím kód níže.',
  ),
  unsupported: say(
    'Tento prohlížeč to neumí',
    'Prohlížeč je příliš starý nebo něco zakazuje.',
    'Zkuste prosím jiný prohlížeč nebo tento aktualizujte.',
  ),
  storage_unavailable: say(
    'Prohlížeč blokuje svou paměť',
    'Zatímco jste v bance, musíme si pokus pamatovat, a prohlížeč to nedovolí.',
    'Povolte této stránce ukládat data nebo opusťte anonymní okno.',
  ),
  in_progress: say(
    'Už je to na cestě',
    'Připojení bylo zahájeno a není dokončeno.',
    'Dokončete ho v bance nebo načtěte stránku znovu.',
  ),
};
