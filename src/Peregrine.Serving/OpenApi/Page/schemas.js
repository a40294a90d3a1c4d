// What a JSON Schema says, for people.
const kindWords = { number: 'number', integer: 'whole number', text: 'text', boolean: 'true or false', date: 'date', dateTime: 'date and time' };
const mostValues = 12;

function resolve(api, schema) {
  return schema && schema.$ref ? schema.$ref.slice(2).split('/').reduce((at, part) => at[part], api) : schema ?? {};
}

function figure(value) {
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toPrecision(4) : value.toLocaleString('en', { maximumSignificantDigits: 6 });
}

function typeWords(schema) {
  const own = kindWords[schema['x-peregrine-kind']];
  const types = [].concat(schema.type ?? []).filter(type => type !== 'null');
  const isNullable = [].concat(schema.type ?? []).includes('null');
  const word = own ?? (schema.const !== undefined ? JSON.stringify(schema.const) : types.length ? types.join(' or ') : schema.enum ? 'one of' : 'any JSON');
  return word + (schema.type === 'array' && schema.items ? ' of ' + (schema.items.$ref ? 'objects' : typeWords(schema.items)) : '') + (isNullable ? ', may be null' : '');
}

/** The range of a number, without the bounds of the number type itself. */
function rangeWords(schema) {
  if (schema['x-peregrine-kind'] === 'boolean') return undefined;
  const low = Math.abs(schema.minimum ?? Infinity) < 1e300 ? schema.minimum : undefined;
  const high = Math.abs(schema.maximum ?? Infinity) < 1e300 ? schema.maximum : undefined;
  if (low !== undefined && high !== undefined) return figure(low) + ' to ' + figure(high);
  if (low !== undefined) return 'at least ' + figure(low);
  if (high !== undefined) return 'at most ' + figure(high);
  return schema.maxItems !== undefined ? 'at most ' + figure(schema.maxItems) + ' items' : undefined;
}

/** What training saw of a feature. */
function trainingWords(seen) {
  const words = [];
  if (seen.minimum !== undefined) words.push('in training ' + figure(seen.minimum) + ' to ' + figure(seen.maximum));
  if (seen.distinct !== undefined) words.push(figure(seen.distinct) + (seen.distinct === 1 ? ' value' : ' values') + ' known from training');
  if (seen.missing > 0) words.push((seen.missing * 100).toLocaleString('en', { maximumSignificantDigits: 2 }) + ' % missing there');
  return words.join('; ');
}

function valueList(values, of) {
  const codes = some => some.map(value => make('code', {}, typeof value === 'string' ? value : JSON.stringify(value)));
  if (values.length <= mostValues) return make('dd', { class: 'values' }, codes(values));
  return make('dd', {}, make('div', { class: 'values' }, codes(values.slice(0, mostValues))),
    make('details', {}, make('summary', {}, (of > values.length ? values.length + ' of ' + of : 'All ' + values.length) + ' values'), make('div', { class: 'values' }, codes(values))));
}

function member(name, schema, isRequired) {
  const seen = schema['x-peregrine-training'];
  const values = schema.enum?.filter(value => value !== null) ?? seen?.values;
  const notes = [schema.description, rangeWords(schema), schema.default !== undefined && 'Default: ' + JSON.stringify(schema.default) + '.'].filter(Boolean);
  return make('div', {},
    make('dt', {}, make('code', {}, name), make('span', { class: 'small muted' }, typeWords(schema)), isRequired && make('span', { class: 'tag' }, 'required')),
    notes.length ? make('dd', {}, notes.join(' ')) : undefined,
    seen && trainingWords(seen) ? make('dd', {}, trainingWords(seen)[0].toUpperCase() + trainingWords(seen).slice(1) + '.') : undefined,
    values?.length ? valueList(values, seen?.distinct) : undefined);
}

/** The members of an object, those of objects within it under their path. */
function members(api, schema, isRequest, prefix = '') {
  const own = resolve(api, schema);
  const variants = (own.oneOf ?? [own]).map(one => resolve(api, one));
  const names = [...new Set(variants.flatMap(one => Object.keys(one.properties ?? {})))];
  return names.flatMap(name => {
    const holders = variants.filter(one => one.properties?.[name]);
    const first = resolve(api, holders[0].properties[name]);
    const constants = [...new Set(holders.map(one => one.properties[name].const))];
    const shown = constants.length > 1 ? { ...first, const: undefined, enum: constants, type: typeof constants[0] } : first;
    const inner = shown.type === 'array' ? resolve(api, shown.items) : shown;
    const isRequired = isRequest && prefix === '' && holders.some(one => one.required?.includes(name));
    // An influence for every feature is no list to read.
    const isList = name === 'features' || (!isRequest && name === 'explanations');
    const isDeeper = (inner.properties || inner.oneOf) && !isList && prefix.split('.').length < 4;
    const path = prefix + name + (shown.type === 'array' ? '[]' : '');
    return [member(prefix + name, shown, isRequired), ...(isDeeper ? members(api, inner, isRequest, path + '.') : [])];
  });
}
