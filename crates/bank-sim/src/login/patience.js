// Warns a person whose login is about to end for want of action, and lets them stay. The bank keeps
// the time; without this script the pages work all the same, only unannounced.

(() => {
  const warning = document.getElementById('warning');
  const stayed = document.getElementById('stayed');
  const csrf = document.querySelector('input[name="csrf"]');
  if (!warning || !stayed || !csrf) return;

  const seconds = (name) => Number(warning.dataset[name]) * 1000;
  let since = Date.now();
  // where to go back to when the warning is gone
  let place = null;

  // by the clock, because a sleeping machine stops its timers
  const watch = setInterval(look, 1000);
  document.addEventListener('visibilitychange', look);

  function look() {
    const silent = Date.now() - since;
    if (silent >= seconds('over')) leave();
    else if (silent >= seconds('after') && !warning.hasChildNodes()) warn();
  }

  function warn() {
    stayed.replaceChildren();
    warning.append(document.getElementById('warning-text').content.cloneNode(true));
    const button = document.getElementById('stay');
    button.addEventListener('focus', (event) => {
      place = event.relatedTarget;
    });
    button.addEventListener('click', stay);
  }

  async function stay() {
    const asked = Date.now();
    const answer = await fetch('/powerauth-webflow/authenticate/stay', {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrf.value }),
    }).catch(() => null);
    // without an answer the warning stays, and so does the button
    if (answer === null) return;
    if (!answer.ok) return leave();
    since = asked;
    warning.replaceChildren();
    stayed.append(document.getElementById('stayed-text').content.cloneNode(true));
    (place?.isConnected ? place : document.getElementById('main')).focus();
  }

  // the bank's own way out for those who are late
  function leave() {
    clearInterval(watch);
    location.replace('/powerauth-webflow/authenticate');
  }
})();
