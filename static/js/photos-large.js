// A pair of photos opens large over the page, and both are moved together; without this file the
// same opens by its address.
for (const link of document.querySelectorAll('[data-zoom]')) {
  const zoom = document.getElementById(link.hash.slice(1));
  link.addEventListener('click', e => {
    e.preventDefault();
    const shown = link.closest('.pick').querySelector('input:checked')?.value;
    for (const radio of zoom.querySelectorAll('[type=radio]')) radio.checked = radio.value === shown;
    if (!zoom.open) zoom.showModal();
  });
}
for (const zoom of document.querySelectorAll('.zoom')) {
  zoom.querySelector('[data-close]').addEventListener('click', e => { e.preventDefault(); zoom.close(); });
  zoom.addEventListener('scroll', ({target}) => {
    for (const pane of zoom.querySelectorAll('.pane')) {
      pane.scrollLeft = target.scrollLeft;
      pane.scrollTop = target.scrollTop;
    }
  }, true);
}
