// Which widget edits a parameter, by the catalogue's type.
import { ChoiceField } from './ChoiceField.jsx';
import { NumberField } from './NumberField.jsx';
import { ObjectField } from './ObjectField.jsx';
import { SwitchField } from './SwitchField.jsx';
import { JsonField, SizesField, TextField } from './TextFields.jsx';

const WIDGETS = {
  int: NumberField, float: NumberField, bool: SwitchField, text: TextField, choice: ChoiceField, dtype: ChoiceField,
  sizes: SizesField, shape: SizesField, ints: SizesField, axis: SizesField,
  activation: ObjectField, initializer: ObjectField, regularizer: ObjectField, constraint: ObjectField, layer: ObjectField,
  schedule: ObjectField, loss: ObjectField, metric: ObjectField, optimizer: ObjectField,
};

export function widgetFor({ type, choices }) {
  if (choices?.length && type !== 'bool') return ChoiceField;
  return WIDGETS[type] ?? JsonField;
}
