// A review saves itself: ten seconds after a change, when the page goes out of sight, and on leaving.
// Without this file "Save draft" does the same. Nothing is sent while nothing has changed.
// A page that was refused holds what is stored nowhere, so it is sent without waiting for a key; a page
// that somebody else overtook sends nothing: what it holds is for its physician to read and copy.
const form = document.getElementById('review');
const saved = document.getElementById('saved'), alarm = document.getElementById('not-saved');
const AFTER = 10_000, MOST = 60_000; // a browser sends no more than 64 KB while it leaves
let timer = null, sending = null, leaving = false;
let stopped = 'stopped' in form.dataset, known = 'unsaved' in form.dataset ? null : typed();

// All that was typed, without the keys of the page, which change by themselves.
function typed() {
  const fields = new FormData(form);
  for (const key of ['csrf_token', 'idempotency_key', 'version']) fields.delete(key);
  return new URLSearchParams(fields).toString();
}
function say(words) { if (saved.textContent !== words) saved.textContent = words; }
function stop(words) {
  stopped = true;
  clearTimeout(timer);
  alarm.setAttribute('role', 'alert');
  alarm.hidden = false;
  alarm.textContent = words;
  say('');
}
function later() {
  if (!timer && !stopped) timer = setTimeout(save, AFTER);
}
async function send(now) {
  const body = new URLSearchParams(new FormData(form));
  const keepalive = body.toString().length < MOST;
  const answer = await fetch(form.dataset.draft, {method: 'POST', body, keepalive, redirect: 'manual'});
  if (answer.status >= 500 || answer.status === 429) throw new Error('later');
  if (answer.status !== 200 && answer.status !== 409) return stop(saved.dataset.out);
  const said = await answer.json();
  if (said.stopped) return stop(said.stopped);
  form.elements.version.value = said.version;
  known = now;
  say(said.saved);
}
function save() {
  clearTimeout(timer);
  timer = null;
  const now = typed();
  if (stopped || leaving || now === known) return sending;
  if (sending) { later(); return sending; } // one after the other: each counts the version up
  sending = send(now).catch(() => { say(saved.dataset.failed); later(); }).finally(() => { sending = null; });
  return sending;
}
function changed() { if (typed() !== known) later(); }
changed();
form.addEventListener('input', changed);
form.addEventListener('change', changed);
// A press waits for a save that is under way, for it carries the version that the save counts up.
form.addEventListener('submit', e => {
  if (e.defaultPrevented) return;
  if (!sending) { leaving = true; clearTimeout(timer); return; }
  e.preventDefault();
  const button = e.submitter;
  sending.finally(() => form.requestSubmit(button));
});
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save(); });
addEventListener('pagehide', save);
addEventListener('pageshow', () => { leaving = false; });
