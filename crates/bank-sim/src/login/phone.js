// Keeps the list of messages as the bank has it, so that a code is there a second after it was sent, and
// says so where the bank does not answer. Without this script the page has a link that loads it anew.

(() => {
  const list = document.getElementById('messages');
  const away = document.getElementById('away');

  async function look() {
    const asked = `/phone?lang=${document.documentElement.lang}`;
    const answer = await fetch(asked).catch(() => null);
    if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    else if (!away.hasChildNodes()) {
      away.append(document.getElementById('away-text').content.cloneNode(true));
    }
    setTimeout(look, 1000);
  }

  // what is there already stays as it is, or a screen reader would read it out again
  function show(page) {
    away.replaceChildren();
    for (const old of [...list.children]) if (!page.getElementById(old.id)) old.remove();
    const fresh = [...page.querySelectorAll('#messages > li')].filter(
      ({ id }) => !document.getElementById(id),
    );
    list.prepend(...fresh);
  }

  setTimeout(look, 1000);
})();
