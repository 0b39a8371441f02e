// The calendar's grid: a booked visit is pulled to another time or column with mouse or pen; a click,
// Enter or touch opens its dialog, which does the same. The server decides: what it refuses stays where
// it was, and it says why. Each visit is a link to its own page, so everything works without this file.
// The grid is asked for again every half minute (htmx), never while somebody pulls, types or reads a dialog.
(() => {
  const dialog = document.getElementById('visit'), mover = document.getElementById('mover');
  const toast = document.getElementById('toast'), ROW = 300; // seconds
  if (!dialog) return;
  let drag = null, undo = null, sending = false, opener = null, dragged = false;
  const grid = () => document.querySelector('[data-daygrid]');
  const number = (el, letter) => +(el.className.match(new RegExp(`(?:^| )${letter}(\\d+)`)) || [0, 0])[1];
  const idOf = link => link.pathname.split('/').pop();
  const linkOf = id => grid().querySelector(`.v a[href$="/${id}"]`);
  const address = id => grid().dataset.visits + id + location.search;
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');

  function say(words, back, onward) {
    const [link, again] = [toast.querySelector('a'), toast.querySelector('button')];
    toast.firstElementChild.textContent = words;
    undo = back || null;
    again.hidden = !undo;
    link.hidden = !onward;
    if (onward) { link.href = onward; link.textContent = mover.dataset.onward; }
    toast.hidden = false;
  }
  const look = () => htmx.trigger('#board', 'look');
  // What was answered: {said, undo} or {problem, onward}; null where nothing sensible came.
  async function send(to, fields) {
    sending = true;
    try {
      const answer = await fetch(to, {method: 'POST', body: new URLSearchParams(fields), redirect: 'manual',
        headers: {Accept: 'application/json', 'HX-Request': 'true'}});
      const there = answer.headers.get('HX-Redirect');
      if (there) { location = there; return null; }
      return (answer.headers.get('Content-Type') || '').includes('json') ? await answer.json() : null;
    } catch { return null; } finally { sending = false; }
  }
  async function move(id, fields, back) {
    const csrf = mover.elements.csrf_token.value;
    const said = await send(address(id), {csrf_token: csrf, idempotency_key: key(), ...fields});
    if (!said?.said) back?.();
    if (said?.said) say(said.said, {id, ...said.undo});
    else if (said) say([mover.dataset.notMoved, ...said.problem].join(' '), null, said.onward);
    else say(mover.dataset.failed);
    opener = id;
    look();
  }

  // Pulling.
  function columnAt(x) {
    return [...grid().querySelectorAll('.col')].find(c => { const r = c.getBoundingClientRect(); return x >= r.left && x < r.right; });
  }
  // Starts lie on steps from where a stretch of hours begins: after the last grey one before the pointer.
  function snapped(column, row) {
    let from = 0;
    for (const off of column.querySelectorAll('.off:not(.away,.out,.held,.elsewhere,.no-room,.both-taken)')) {
      const end = number(off, 's') + number(off, 'd');
      if (end <= row + 1 && end > from) from = end;
    }
    const snap = +drag.li.dataset.step || 3; // a quarter of an hour, where the service says nothing
    return Math.max(0, from + Math.round((row - from) / snap) * snap);
  }
  document.addEventListener('pointerdown', e => {
    const link = e.target.closest?.('.v.booked a');
    if (!link || e.button || e.pointerType === 'touch' || sending) return;
    drag = {link, li: link.parentElement, x: e.clientX, y: e.clientY, on: false, off: e.clientY - link.getBoundingClientRect().top};
    link.setPointerCapture(e.pointerId);
  });
  document.addEventListener('pointermove', e => {
    if (!drag) return;
    const dx = e.clientX - drag.x, dy = e.clientY - drag.y;
    if (!drag.on && Math.hypot(dx, dy) < 6) return;
    if (!drag.on) {
      drag.on = true;
      drag.li.classList.add('drag');
      drag.ghost = document.createElement('li');
      drag.ghost.setAttribute('aria-hidden', 'true');
    }
    drag.li.style.transform = `translate(${dx}px,${dy}px)`;
    const column = columnAt(e.clientX);
    if (!column) return;
    const rows = column.querySelector('.gr'), box = rows.getBoundingClientRect(), high = number(grid(), 'h') * 12;
    const row = snapped(column, (e.clientY - drag.off - box.top) / (box.height / high));
    drag.to = {column, row};
    drag.ghost.className = `ghost s${row} d${number(drag.li, 'd')}`;
    rows.append(drag.ghost);
  });
  document.addEventListener('dragstart', e => { if (e.target.closest?.('.v')) e.preventDefault(); });
  function stop(drop) {
    if (!drag) return;
    const was = drag;
    drag = null;
    if (!was.on) return;
    was.ghost.remove();
    was.li.classList.remove('drag');
    was.li.style.transform = '';
    dragged = true;
    setTimeout(() => { dragged = false; });
    if (!drop || !was.to) return;
    const {column, row} = was.to, by = grid().dataset.by;
    const start = +column.dataset.origin + row * ROW;
    const from = {rows: was.li.parentElement, name: was.li.className};
    if (column === was.li.closest('.col') && row === number(was.li, 's')) return;
    // Where it was let go until there is an answer; where it was before, if that is no.
    was.li.className = from.name.replace(/(^| )s\d+/, `$1s${row}`) + ' sending';
    column.querySelector('.gr').append(was.li);
    const back = () => { was.li.className = from.name; from.rows.append(was.li); };
    const to = grid().dataset.daygrid === 'week' ? {} : by === 'room' ? {room: column.dataset.key} : {who: column.dataset.key};
    move(idOf(was.link), {shown: was.link.dataset.v, start, ...to}, back);
  }
  document.addEventListener('pointerup', () => stop(true));
  document.addEventListener('pointercancel', () => stop(false));
  document.addEventListener('keydown', e => { if (e.key === 'Escape') stop(false); });

  // The dialog.
  document.addEventListener('click', async e => {
    const link = e.target.closest?.('.v a');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    if (dragged || sending || dialog.open) return;
    const answer = await fetch(address(idOf(link)), {headers: {'HX-Request': 'true'}}).catch(() => null);
    if (!answer?.ok || answer.status === 204) { location = answer?.headers.get('HX-Redirect') || link.href; return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    dialog.replaceChildren(...page.body.childNodes);
    dialog.setAttribute('aria-labelledby', 'visit-title');
    dialog.querySelector('[data-close]').hidden = false;
    opener = idOf(link);
    dialog.showModal();
  });
  dialog.addEventListener('click', e => { if (e.target === dialog || e.target.closest('[data-close]')) dialog.close(); });
  dialog.addEventListener('close', () => { dialog.replaceChildren(); linkOf(opener)?.focus(); });
  dialog.addEventListener('submit', async e => {
    if (e.target.id !== 'move') return;
    e.preventDefault();
    if (sending) return;
    const form = e.target, id = opener, said = await send(form.action, [...new FormData(form)]);
    form.querySelector('[type=submit]').removeAttribute('aria-disabled');
    if (said?.said) { dialog.close(); say(said.said, {id, ...said.undo}); look(); return; }
    const box = dialog.querySelector('[data-problem]');
    const lines = (said?.problem || [mover.dataset.failed]).map(words => Object.assign(document.createElement('li'), {textContent: words}));
    box.querySelector('ul').replaceChildren(...lines);
    box.querySelectorAll('p').forEach(p => p.remove());
    if (said?.onward) {
      const p = box.appendChild(document.createElement('p'));
      p.append(Object.assign(document.createElement('a'), {href: said.onward, textContent: mover.dataset.onward}));
    }
    form.elements.idempotency_key.value = key();
    if (said?.twice) {
      const asked = form.querySelector('[data-twice]');
      asked.querySelectorAll('label span').forEach((span, number) => { span.textContent = said.twice[number]; });
      asked.hidden = false;
    }
    box.setAttribute('role', 'alert');
    box.hidden = false;
  });
  const [again, close] = toast.querySelectorAll('button');
  again.addEventListener('click', () => {
    const {id, ...place} = undo;
    toast.hidden = true;
    move(id, place);
  });
  close.addEventListener('click', () => { toast.hidden = true; linkOf(opener)?.focus(); });

  // Fresh data: not while somebody is at work here; what had the focus has it again.
  let focused = null, scrolled = null;
  document.body.addEventListener('htmx:beforeRequest', e => {
    const typing = document.activeElement?.matches('input,select,textarea');
    if (drag || sending || dialog.open || typing) e.preventDefault();
  });
  document.body.addEventListener('htmx:beforeSwap', e => {
    if (drag || sending || dialog.open) { e.detail.shouldSwap = false; return; }
    const active = document.activeElement;
    focused = active === document.body ? null : active.closest?.('#board a')?.getAttribute('href');
    scrolled = [grid()?.scrollLeft, grid()?.scrollTop];
  });
  document.body.addEventListener('htmx:afterSwap', () => {
    if (scrolled && grid()) [grid().scrollLeft, grid().scrollTop] = scrolled;
    if (focused) document.querySelector(`#board a[href="${focused}"]`)?.focus();
    else if (opener && document.activeElement === document.body) linkOf(opener)?.focus();
    began = Date.now();
  });
  // The line that says what time it is goes on by itself.
  let began = Date.now();
  setInterval(() => {
    const line = document.querySelector('.nowline');
    if (!line) return;
    const gone = Math.floor((Date.now() - began) / 60_000), label = line.firstElementChild;
    label.dataset.from ||= label.textContent;
    const [hour, minute] = label.dataset.from.split(':').map(Number), now = hour * 60 + minute + gone;
    label.textContent = `${((now / 60 | 0) + 11) % 12 + 1}:${String(now % 60).padStart(2, '0')}`;
    line.className = `nowline s${+line.dataset.row + ((minute % 5 + gone) / 5 | 0)}`;
  }, 60_000);
})();
