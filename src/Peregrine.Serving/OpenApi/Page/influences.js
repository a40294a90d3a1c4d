// Explanations of an answer as bars to both sides of zero, the largest first. Side and sign say the direction; colour repeats it.

/** The results of an answer that carry explanations, each with the record it is about. */
function explained(answer, asked) {
  const results = Array.isArray(answer?.results) ? answer.results : [answer?.result];
  const records = Array.isArray(asked?.items) ? asked.items.map(item => item?.features) : [asked?.features];
  return results.map((result, at) => ({ at, explanations: result?.explanations, record: records[at] ?? {} })).filter(one => Object.keys(one.explanations ?? {}).length > 0);
}

function influenceRow([feature, amount], value, top) {
  const bar = make('span', { class: 'bar' });
  bar.style.width = (top > 0 ? Math.abs(amount) / top * 50 : 0) + '%';
  const shown = value === undefined ? undefined : value === null ? 'missing' : String(value);
  return make('li', { class: amount < 0 ? 'lowers' : 'raises' },
    make('span', { class: 'name', title: shown === undefined ? feature : feature + ': ' + shown }, make('span', { class: 'feature' }, feature), shown !== undefined && make('span', { class: 'mono muted' }, shown)),
    make('span', { class: 'track', 'aria-hidden': 'true' }, bar),
    make('span', { class: 'num' }, (amount < 0 ? '−' : amount > 0 ? '+' : '') + figure(Math.abs(amount))));
}

/** Bars for an answer; nothing when it explains nothing. */
function influences(answer, asked) {
  return explained(answer, asked).map(({ at, explanations, record }, place, all) => {
    const rows = Object.entries(explanations).filter(([, amount]) => typeof amount === 'number').sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
    const top = Math.abs(rows[0]?.[1] ?? 0);
    return make('figure', { class: 'influences' },
      make('figcaption', { class: 'small muted spread row' }, 'How far each feature moved the score' + (all.length > 1 ? ' of record ' + (at + 1) : ''), make('span', {}, '− lowers it, + raises it')),
      make('ul', {}, rows.map(row => influenceRow(row, record[row[0]], top))));
  });
}

/** A switch that writes the wish for explanations into the body, or takes it out; nothing where the call knows none. */
function explainSwitch(area, operation) {
  if (!operation.requestBody.content['application/json'].schema?.properties?.explanations) return undefined;
  const box = make('input', { type: 'checkbox', onchange: () => {
    try {
      const body = JSON.parse(area.value);
      if (box.checked) body.explanations = { ...body.explanations, enabled: true };
      else delete body.explanations;
      area.value = JSON.stringify(body, null, 2);
    } catch { box.checked = !box.checked; }
    area.dispatchEvent(new Event('input'));
  } });
  area.addEventListener('input', () => {
    try { box.checked = JSON.parse(area.value).explanations?.enabled === true; } catch { /* Said at the field. */ }
  });
  return make('label', { class: 'check' }, box, 'Explain');
}
