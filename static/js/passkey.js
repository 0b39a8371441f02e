// Asks the device for a passkey and sends its answer. The page holds what the server asks in data
// attributes; without scripts a password and a code do the same.
const { startAuthentication, startRegistration } = SimpleWebAuthnBrowser;
document.addEventListener('DOMContentLoaded', async () => {
  const form = document.querySelector('[data-passkey]');
  if (!form) return;
  const problem = document.getElementById('passkey-problem');
  const ask = form.dataset.passkey === 'make' ? startRegistration : startAuthentication;
  const run = async () => {
    problem.hidden = true;
    try {
      const answer = await ask({ optionsJSON: JSON.parse(form.dataset.options) });
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      problem.hidden = false;
      problem.focus();
    }
  };
  form.querySelector('button').addEventListener('click', run);
  await run();
});
