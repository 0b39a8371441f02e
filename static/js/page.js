// Small sweeteners for every page; without this file everything works the same.
// 1. The error summary gets the focus, so that it is read first.
// 2. A form is sent once: the pressed button says so and a second press does nothing.
// 3. Two minutes before a hold ends, its banner says so once.
// 4. On a phone the strip of days shows the day that is open.
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
