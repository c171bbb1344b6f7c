// Long forms that save themselves while somebody writes: the mapping, the comments of a report. Every one works without it.
// A form with data-autosaved holds an element [data-autosave] that posts it, one [data-autosave-state] that says what
// is saved, and one [data-signed-out].
'use strict';

(() => {
  const RETRY = 10000; // milliseconds until a text that could not be saved is tried again
  const retries = new WeakMap();
  const forms = () => [...document.querySelectorAll('form[data-autosaved]')];
  const notice = (form) => form.querySelector('[data-signed-out]');
  const autosave = (form) => form.querySelector('[data-autosave]');
  const save = (form) => htmx.trigger(autosave(form), 'save');
  const state = (form) => form.querySelector('[data-autosave-state]');
  const formOf = (event) => event.detail.elt.closest && event.detail.elt.closest('form[data-autosaved]');

  // Ctrl+Enter (Cmd+Enter) saves.
  document.addEventListener('keydown', (event) => {
    const form = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('form[data-autosaved]');
    if (!form) return;
    event.preventDefault();
    save(form);
  });

  // While a choice between two texts stands open nothing is saved by itself: the answer would take it away.
  document.addEventListener('htmx:beforeRequest', (event) => {
    const form = formOf(event);
    if (!form || event.detail.elt !== autosave(form)) return;
    if (form.querySelector('[data-choice]')) event.preventDefault();
    else delete form.dataset.unsaved;
  });

  // Who leaves the page in the second before it is saved loses nothing.
  document.addEventListener('input', (event) => {
    const form = event.target.closest('form[data-autosaved]');
    if (form) form.dataset.unsaved = 'yes';
  });
  window.addEventListener('pagehide', () => {
    forms().filter((form) => form.dataset.unsaved && !form.querySelector('[data-choice]'))
      .forEach((form) => navigator.sendBeacon(form.action, new FormData(form)));
  });

  // The forms get the token of a new sign-in; false while nobody has signed in.
  const renew = async () => {
    const answer = await fetch(window.location.pathname, { headers: { 'HX-Request': 'true' } }).catch(() => null);
    if (!answer || !answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const token = page.querySelector('form[data-autosaved] [name=csrfmiddlewaretoken]');
    if (!token) return false;
    forms().forEach((form) => { form.elements.csrfmiddlewaretoken.value = token.value; });
    return true;
  };

  // Signed out (401): the page stays as it is and says so. A token that a new sign-in has replaced (403) is renewed
  // once, and what was refused is sent again.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const form = formOf(event);
    const { xhr } = event.detail;
    if (!form || ![401, 403].includes(xhr.status)) return;
    if (xhr.status === 403 && form.dataset.renewed) return;
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    // "Saved 10:15" is true of an earlier text.
    const signedOut = () => {
      state(form).replaceChildren();
      notice(form).hidden = false;
    };
    if (xhr.status === 401) {
      signedOut();
      return;
    }
    form.dataset.renewed = 'yes';
    renew().then((done) => (done ? save(form) : signedOut()));
  });

  // The writer comes back from the tab where they signed in again.
  const back = async () => {
    const waiting = forms().filter((form) => !notice(form).hidden);
    if (document.visibilityState !== 'visible' || !waiting.length || !(await renew())) return;
    waiting.forEach((form) => {
      notice(form).hidden = true;
      save(form);
    });
  };
  document.addEventListener('visibilitychange', back);
  window.addEventListener('focus', back);

  // No contact, or the server failed: say that it is not saved, and try again.
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = formOf(event);
    const { elt, xhr } = event.detail;
    if (!form) return;
    if (xhr.status && xhr.status < 400) delete form.dataset.renewed;
    if (elt !== autosave(form)) return;
    clearTimeout(retries.get(form));
    if (xhr.status >= 400 || !xhr.status) form.dataset.unsaved = 'yes';
    if (xhr.status !== 0 && xhr.status < 500) return;
    const status = document.createElement('p');
    status.className = 'saved';
    status.dataset.state = 'offline';
    status.textContent = elt.dataset.offline;
    state(form).replaceChildren(status);
    retries.set(form, setTimeout(() => save(form), RETRY));
  });
})();
