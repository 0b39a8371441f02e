// Photos. Without this file a photo is seen once it was sent; with it as soon as it is taken.
document.addEventListener('change', e => {
  const chosen = e.target.closest('.shot input[type=file]');
  if (!chosen) return;
  const shown = chosen.closest('.shot').querySelector('.shown');
  const before = shown.querySelector('img.before');
  if (before) { URL.revokeObjectURL(before.src); before.remove(); }
  const file = chosen.files[0];
  for (const other of shown.children) other.toggleAttribute('hidden', Boolean(file));
  if (!file) return;
  const image = new Image(96, 120);
  image.className = 'before';
  image.alt = '';
  image.src = URL.createObjectURL(file);
  // What the browser cannot show may still be a photo, or not: the server says which.
  image.addEventListener('error', () => {
    URL.revokeObjectURL(image.src);
    image.remove();
    for (const other of shown.children) other.removeAttribute('hidden');
  });
  shown.append(image);
});
