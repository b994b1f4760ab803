import { Icon } from '../Icon.jsx';
import { isCalculated } from '../model/calculated.js';
import { CalculatedField } from './CalculatedField.jsx';
import { widgetFor } from './widgets.js';

/** One parameter: its name, the widget for its type, and a button that gives it its default again. */
export function ParameterField({ id, name, parameter, value, differs, wrong, onChange, onPromote = null }) {
  const calculated = isCalculated(value);
  const Widget = calculated ? CalculatedField : widgetFor(parameter);
  const changed = value !== undefined || !!differs;
  return (
    <div className={`field ${changed ? 'changed' : ''} ${wrong ? 'wrong' : ''}`}>
      <label className="field-name" htmlFor={id} title={parameter.help}>
        {name}{parameter.required && <span className="required" title="needed" aria-label="needed">*</span>}
        {differs && <span className="differs" title="The selected nodes differ here"> differs</span>}
      </label>
      <Widget id={id} parameter={parameter} value={value} wrong={wrong} onChange={onChange} />
      {onPromote && !calculated && (
        <button type="button" className="promote" title="Make it a parameter of the network" aria-label={`Make ${name} a parameter of the network`} onClick={onPromote}><Icon name="parameter" size={12} /></button>
      )}
      {changed && !parameter.required && (
        <button type="button" className="reset" title="Back to the default" aria-label={`Reset ${name}`} onClick={() => onChange(undefined)}><Icon name="reset" size={12} /></button>
      )}
    </div>
  );
}
