// The key `/` leads to the search field, unless somebody types already or has switched it off: on the
// page of patients, kept in this browser. Without this file the field is there all the same.
const field = document.querySelector('[data-find]'), slash = document.getElementById('slash');
const OFF = 'slash-off';
if (slash) {
  slash.checked = !localStorage.getItem(OFF);
  slash.closest('p').hidden = false;
  slash.addEventListener('change', () => {
    if (slash.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, 'yes');
  });
}
document.addEventListener('keydown', e => {
  if (e.key !== '/' || e.ctrlKey || e.altKey || e.metaKey || localStorage.getItem(OFF)) return;
  if (e.target.closest('input, textarea, select, [contenteditable], dialog')) return;
  e.preventDefault();
  field.focus();
  field.select();
});
