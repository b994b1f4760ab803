// Whether training changes a node's weights.

const hasInitializer = (kind) => Object.values(kind?.parameters ?? {}).some(({ type }) => type === 'initializer');

/** Whether a node has weights to train, as far as is known: Keras' count, else what its kind says. */
export function mayTrain(record, kind, status) {
  if (!kind?.parameters?.trainable) return false;
  return status?.parameters != null ? status.parameters > 0 || isFrozen(record) : hasInitializer(kind) || isFrozen(record);
}

/** Whether the node's weights are left as they are. */
export function isFrozen(record) {
  return record.params.trainable === false;
}
