// Beside allauth's passkey scripts: a browser without passkeys shows no button for them, and a failure is said in words.
'use strict';

(() => {
  if (!window.PublicKeyCredential) {
    document.querySelectorAll('[data-passkey]').forEach((button) => { button.hidden = true; });
  }
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault();
    document.querySelectorAll('[data-passkey-problem]').forEach((place) => { place.hidden = false; });
  });
})();
