// What makes Jobbspår quicker where there is JavaScript. Every page works without it.
'use strict';

(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Menus close on Escape and on a click beside them.
  document.addEventListener('click', (event) => {
    findAll('details.menu[open]').forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    findAll('details.menu[open]').forEach((menu) => {
      menu.open = false;
      find('summary', menu).focus();
    });
  });

  // "/" goes to the search field, except while writing.
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const search = find('#top-q');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // A form with data-confirm="id of a <dialog>" asks first. The dialog holds a button with value="yes".
  document.addEventListener('submit', (event) => {
    const form = event.target;
    const dialog = form.dataset.confirm && document.getElementById(form.dataset.confirm);
    // A button that does not look at the form (formnovalidate) does nothing that has to be asked about.
    if (!dialog || form.dataset.confirmed || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // not to htmx either, until the answer is yes
    const submitter = event.submitter;
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'yes') return;
      form.dataset.confirmed = 'yes';
      form.requestSubmit(submitter || undefined);
    }, { once: true });
    dialog.showModal();
  }, true);

  // Leaving a filter's drop-down applies it at once: <form data-auto-submit>.
  document.addEventListener('change', (event) => {
    const form = event.target.form;
    if (form && 'autoSubmit' in form.dataset && event.target.matches('select, [type=checkbox], [type=radio]')) {
      form.requestSubmit();
    }
  });

  // After a page or a fragment has come: errors take the focus; a wide table can be scrolled by keyboard only if it needs to be.
  const settle = (root) => {
    const errors = find('[data-error-summary]', root);
    if (errors) {
      const word = errors.dataset.errorSummary;
      if (!document.title.startsWith(word)) document.title = `${word}: ${document.title}`;
      errors.focus();
    }
    scrollers(root);
  };
  const scrollers = (root) => findAll('.table-scroll', root).forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  });
  document.addEventListener('DOMContentLoaded', () => settle(document));
  window.addEventListener('resize', () => scrollers(document));

  // htmx: a form that comes back with errors (422) is shown like any other answer, and the focus stays where it was.
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener('htmx:afterSettle', (event) => {
    settle(event.detail.elt);
    const focus = find('[data-focus]', event.detail.elt);
    if (focus) focus.focus();
  });
  // A lost connection or a server error is said aloud, in the frame's live region.
  const tell = (name) => () => {
    const place = document.getElementById('live');
    if (place) place.textContent = place.dataset[name];
  };
  document.addEventListener('htmx:sendError', tell('offline'));
  document.addEventListener('htmx:responseError', tell('failed'));
  document.addEventListener('htmx:afterRequest', (event) => {
    const place = document.getElementById('live');
    if (place && event.detail.successful) place.textContent = '';
  });
})();
