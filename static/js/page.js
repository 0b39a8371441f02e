// Small sweeteners for every page; without this file everything works the same.
// 1. The error summary gets the focus, so that it is read first.
// 2. A form is sent once: the pressed button says so and a second press does nothing.
// 3. Two minutes before a hold ends, its banner says so once.
// 4. On a phone the strip of days shows the day that is open.
// 5. Two minutes before somebody is signed out for doing nothing, one press keeps them in.
// 6. A button that prints.
// 7. Where this device's clock shows another time than the site's, the line about zones says so.
document.addEventListener('DOMContentLoaded', () => {
  document.getElementById('summary')?.focus();
  for (const hold of document.querySelectorAll('[data-seconds-left]')) {
    const wait = Math.max(0, hold.dataset.secondsLeft - 120) * 1000;
    setTimeout(() => hold.append(' ' + hold.dataset.warning), wait);
  }
  const strip = document.querySelector('.days');
  const day = strip?.querySelector('[aria-current]');
  if (day) strip.scrollLeft = day.offsetLeft - (strip.clientWidth - day.offsetWidth) / 2;
});
document.addEventListener('submit', e => {
  const button = e.submitter;
  if (!button || e.defaultPrevented) return;
  if (button.getAttribute('aria-disabled') === 'true') { e.preventDefault(); return; }
  button.setAttribute('aria-disabled', 'true');
});
// A page that comes back from the browser's memory may be sent again.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled');
});
const body = document.body, idle = document.getElementById('idle');
if (idle) {
  const wait = (body.dataset.idleSeconds - 120) * 1000;
  let timer = setTimeout(warn, wait);
  function warn() { idle.hidden = false; }
  idle.querySelector('button').addEventListener('click', () => {
    fetch(body.dataset.stillHere).then(() => {
      idle.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(warn, wait);
    });
  });
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const today = Date.now();
const shown = (zone, days) => new Date(today + days * 864e5).toLocaleString('en-GB', {timeZone: zone});
for (const note of document.querySelectorAll('[data-zone]')) {
  const zone = note.dataset.zone;
  if (!own || [0, 182].every(days => shown(zone, days) === shown(own, days))) continue;
  const words = document.createElement('b');
  words.textContent = note.dataset.differs.replace('{own}', own.split('/').pop().replaceAll('_', ' '));
  note.replaceChildren(words);
}
