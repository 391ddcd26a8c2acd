
'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const cases = [...document.querySelectorAll('.case')];
  const groups = [...document.querySelectorAll('.group')];
  const boxes = [...$('v').querySelectorAll('input')];
  const keys = ['q', 's', 'k', 'b', 'v', 'map'];
  let state = {};
  let texts = null;

  document.documentElement.classList.add('scripted');
  $('filters').hidden = false;

  // The address is either a place, as #case/…, or filters, as #v=failed&k=debian-6.1, with a place in `at`.
  function parse() {
    const hash = location.hash.slice(1);
    if (!/^[a-z]+=/.test(hash)) return { place: hash ? decode(hash) : '', filters: null };
    const filters = {};
    for (const pair of hash.split('&')) {
      const at = pair.indexOf('=');
      if (at > 0) filters[pair.slice(0, at)] = decode(pair.slice(at + 1));
    }
    const place = filters.at || '';
    delete filters.at;
    return { place, filters };
  }
  function decode(text) { try { return decodeURIComponent(text); } catch { return text; } }
  function address(filters) {
    const pairs = keys.filter(key => filters[key]).map(key => key + '=' + encodeURIComponent(filters[key])
      .replaceAll('%2F', '/').replaceAll('%2C', ','));
    return '#' + (pairs.length ? pairs.join('&') : 'v=');
  }

  function textOf(index) {
    texts ??= cases.map(one => one.textContent.toLowerCase());
    return texts[index];
  }

  function apply() {
    const verdicts = state.v ? state.v.split(',') : [];
    const words = (state.q || '').toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    cases.forEach((one, index) => {
      const data = one.dataset;
      const fits = (!verdicts.length || verdicts.includes(data.v)) && (!state.s || data.s === state.s
        || data.s.startsWith(state.s + '/')) && (!state.b || data.b === state.b)
        && (!state.k || data.k.split(' ').includes(state.k)) && words.every(word => textOf(index).includes(word));
      one.hidden = !fits;
      if (fits) count++;
    });
    const narrow = verdicts.length || words.length || state.s || state.k || state.b;
    for (const group of groups) {
      const shown = group.querySelectorAll(':scope > .case:not([hidden])').length;
      group.hidden = !shown;
      const badge = group.querySelector(':scope > summary .badge');
      badge.textContent = badge.textContent.replace(/\d+$/, shown);
      if (narrow && count <= 60) group.open = true;
    }
    for (const part of document.querySelectorAll('.part')) {
      const shown = part.querySelectorAll('.case:not([hidden])').length;
      part.hidden = !shown;
      part.querySelector('h2 small').textContent = shown;
    }
    $('shown').textContent = count + ' of ' + cases.length + ' cases';
    $('q').value = state.q || '';
    for (const key of ['s', 'k', 'b']) $(key).value = state[key] || '';
    for (const box of boxes) box.checked = verdicts.includes(box.value);
    const map = state.map === 'backend' ? 'backend' : 'kernel';
    for (const one of document.querySelectorAll('#map [data-by]')) one.hidden = one.dataset.by !== map;
    for (const link of document.querySelectorAll('[data-map]')) {
      if (link.dataset.map === map) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    for (const row of document.querySelectorAll('.heat tbody tr')) {
      const other = state.s && row.dataset.s !== state.s && !row.dataset.s.startsWith(state.s + '/');
      for (const cell of row.querySelectorAll('td a')) {
        const by = row.closest('[data-by]').dataset.by;
        const wanted = by === 'kernel' ? state.k : state.b;
        const verdict = !verdicts.length || verdicts.some(one => cell.classList.contains(one));
        cell.classList.toggle('faint', Boolean(other || (wanted && cell.dataset.c !== wanted) || !verdict));
      }
    }
  }

  function show(place) {
    const target = place && document.getElementById(place);
    if (!target) return;
    if (target.closest('[hidden]')) { state = {}; apply(); }
    for (let up = target; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
    const fold = target.closest('.more');
    if (fold) fold.previousElementSibling.classList.add('out');
    const one = target.closest('.case');
    if (one) mark(one);
    target.scrollIntoView({ block: target.tagName === 'TR' ? 'center' : 'start' });
  }

  function read() {
    const { place, filters } = parse();
    if (filters) {
      state = filters;
      apply();
      const narrow = state.s || state.k || state.b || state.v;
      const first = narrow && !place && !document.activeElement.closest('#filters')
        && document.querySelector('.case:not([hidden])');
      if (first) first.closest('.part').scrollIntoView();
    }
    show(place);
  }

  function set(change) {
    state = { ...state, ...change };
    history.replaceState(null, '', address(state));
    apply();
  }

  let here = null;
  function mark(one) {
    if (here) here.classList.remove('here');
    here = one;
    if (here) here.classList.add('here');
  }
  function step(by) {
    const visible = cases.filter(one => one.offsetParent !== null);
    if (!visible.length) return;
    const at = visible.indexOf(here);
    const next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : Math.min(visible.length - 1, Math.max(0, at + by))];
    mark(next);
    next.querySelector('summary').focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  }
  async function copy(button) {
    const text = button.parentElement.querySelector('code').textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.parentElement.querySelector('code'));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  }

  addEventListener('hashchange', read);
  addEventListener('beforeprint', () => { for (const one of groups) if (!one.hidden) one.open = true; });
  document.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button?.classList.contains('copy')) copy(button);
    if (button?.classList.contains('unfold')) button.closest('.fold').classList.toggle('out');
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute('href') === location.hash) { event.preventDefault(); read(); }
    if (link?.dataset.map) { event.preventDefault(); set({ map: link.dataset.map }); }
  });
  $('q').addEventListener('input', event => set({ q: event.target.value }));
  for (const key of ['s', 'k', 'b']) $(key).addEventListener('change', event => set({ [key]: event.target.value }));
  $('v').addEventListener('change', () =>
    set({ v: boxes.filter(box => box.checked).map(box => box.value).join(',') }));
  $('filters').addEventListener('submit', event => event.preventDefault());
  $('clear').addEventListener('click', () => set({ q: '', s: '', k: '', b: '', v: '' }));
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input, select, textarea')) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const act = {
      '/': () => $('q').focus(), j: () => step(1), k: () => step(-1), o: () => { if (here) here.open = !here.open; },
      d: () => { const jump = here?.querySelector('.jump'); if (jump) { here.open = true; jump.click(); } },
      c: () => { const button = here?.querySelector('.copy'); if (button) copy(button); },
      x: () => set({ q: '', s: '', k: '', b: '', v: '' }),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  apply();
  read();
})();

