// Writing in the journal, quicker and safer where there is JavaScript. Every form works without it.
'use strict';

(() => {
  const RETRY = 10000; // milliseconds until a draft that could not be saved is tried again
  const autosave = () => document.getElementById('journal-autosave');
  const notice = () => document.querySelector('[data-signed-out]');
  let retry = null;
  let refused = null; // what is sent again when the form has a fresh token
  let refusals = 0;

  // Ctrl+Enter (Cmd+Enter) saves.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest('form[data-journal]');
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const belongsHere = (element) => Boolean(element.closest('#journal-log'));
  const renew = () => htmx.trigger('#journal-renew', 'renew');
  const save = () => { if (autosave()) htmx.trigger(autosave(), 'save'); };

  // Signed out (401): the page stays as it is and says so. A token that a new sign-in has replaced (403) is renewed, and
  // what was refused is sent again: the form rather than its draft.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { elt, requestConfig, xhr } = event.detail;
    const source = requestConfig.elt || elt;
    if (!belongsHere(source) || ![401, 403].includes(xhr.status)) return;
    if (xhr.status === 403 && (source.id === 'journal-renew' || refusals > 3)) return;
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    if (xhr.status === 403) {
      refusals += 1;
      if (!refused || source.matches('form')) refused = source;
      renew();
    } else if (notice()) {
      notice().hidden = false;
    }
  });

  // The writer comes back from the tab where they signed in again.
  const back = () => {
    if (document.visibilityState === 'visible' && notice() && !notice().hidden) renew();
  };
  document.addEventListener('visibilitychange', back);
  window.addEventListener('focus', back);

  document.addEventListener('htmx:afterRequest', (event) => {
    const { elt, xhr } = event.detail;
    if (!elt.closest || !belongsHere(elt)) return;
    if (elt.id === 'journal-renew') {
      const again = refused;
      refused = null;
      if (xhr.status !== 200) return;
      if (notice()) notice().hidden = true;
      if (again && again.matches('form')) again.requestSubmit();
      else save();
      return;
    }
    if (xhr.status < 400) refusals = 0;
    // No contact, or the server failed: say that the draft is not saved, and try again.
    if (elt.id !== 'journal-autosave') return;
    clearTimeout(retry);
    if (xhr.status !== 0 && xhr.status < 500) return;
    const status = document.createElement('span');
    status.className = 'saved';
    status.dataset.state = 'offline';
    status.textContent = elt.dataset.offline;
    document.getElementById('journal-draft').replaceChildren(status);
    retry = setTimeout(save, RETRY);
  });
})();
