// Reading the catalogue.

/** The family's name in the style sheet: `Operations: numpy` → `operations`. */
export function familyClass(kind) {
  if (!kind) return 'none';
  return kind.group === 'boundary' ? 'boundary' : kind.family.split(':')[0].toLowerCase();
}

const NETWORK = 'network:';

/** The network that a node of this kind stands for; '' for any other kind. */
export function networkOf(kindName) {
  return kindName?.startsWith(NETWORK) ? kindName.slice(NETWORK.length) : '';
}

/** What people call a kind: its name, for a network that of its cell. */
export function kindText(kindName) {
  return networkOf(kindName) || kindName;
}

/** The catalogue with the notebook's own networks in the place of those that it had. */
export function withNetworks(catalogue, networks) {
  const rest = Object.entries(catalogue.kinds).filter(([name]) => !networkOf(name));
  return { ...catalogue, kinds: { ...Object.fromEntries(rest), ...networks } };
}

/** The kinds as they may be placed here: `barred` says of some why not. Canvases of one page share the kinds, so it stands apart. */
export function placeable(kinds, barred) {
  const here = Object.entries(barred).filter(([name]) => kinds[name]);
  return { ...kinds, ...Object.fromEntries(here.map(([name, unbuildable]) => [name, { ...kinds[name], unbuildable }])) };
}

/** What a new node starts with: suggested values for what it cannot do without. */
export function startingParams(kind) {
  return Object.fromEntries(Object.entries(kind?.parameters ?? {})
    .filter(([, { required, suggested }]) => required && suggested != null).map(([name, { suggested }]) => [name, suggested]));
}

const FREQUENT = new Set(['activation', 'padding', 'strides', 'rate', 'return_sequences', 'return_state', 'pool_size', 'axis', 'use_bias',
  'size', 'merge_mode', 'value_dim', 'dropout', 'mask_zero', 'scale', 'max_tokens', 'keepdims', 'interpolation', 'factor', 'dims',
  'kernel_initializer', 'kernel_regularizer', 'negative_slope', 'alpha', 'output_mode']);

export function isFrequent(name, { required }) {
  return !!required || FREQUENT.has(name) || name === 'shape';
}

const REGISTRIES = {
  activation: 'activations', initializer: 'initializers', regularizer: 'regularizers', constraint: 'constraints',
  schedule: 'schedules', loss: 'losses', metric: 'metrics', optimizer: 'optimizers',
};

/** What an argument of this type may be, by name. */
export function objectsFor(catalogue, type) {
  if (type === 'layer') return Object.fromEntries(Object.entries(catalogue.kinds).filter(([, kind]) => kind.group === 'layer' && !kind.unbuildable));
  return catalogue[REGISTRIES[type]] ?? {};
}

const bare = (name) => name.toLowerCase().replaceAll('_', '');

/** The registry's name for a value: `he_normal` and `{kind: 'HeNormal'}` are both `HeNormal`. */
export function nameOf(value, objects) {
  const name = typeof value === 'object' ? value.kind ?? '' : String(value);
  return name in objects ? name : Object.keys(objects).find((key) => bare(key) === bare(name)) ?? name;
}

/** The parameters that all of these kinds have, of the same type. */
export function sharedParameters(kinds) {
  const [first, ...rest] = kinds.map((kind) => kind?.parameters ?? {});
  const same = ([name, { type }]) => rest.every((parameters) => parameters[name]?.type === type);
  return Object.fromEntries(Object.entries(first ?? {}).filter(same));
}
