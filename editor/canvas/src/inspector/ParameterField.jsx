import { Icon } from '../Icon.jsx';
import { widgetFor } from './widgets.js';

/** One parameter: its name, the widget for its type, and a button that gives it its default again. */
export function ParameterField({ id, name, parameter, value, differs, wrong, onChange }) {
  const Widget = widgetFor(parameter);
  const changed = value !== undefined || !!differs;
  return (
    <div className={`field ${changed ? 'changed' : ''} ${wrong ? 'wrong' : ''}`}>
      <label className="field-name" htmlFor={id} title={parameter.help}>
        {name}{parameter.required && <span className="required" title="needed" aria-label="needed">*</span>}
        {differs && <span className="differs" title="The selected nodes differ here"> differs</span>}
      </label>
      <Widget id={id} parameter={parameter} value={value} wrong={wrong} onChange={onChange} />
      {changed && !parameter.required && (
        <button type="button" className="reset" title="Back to the default" aria-label={`Reset ${name}`} onClick={() => onChange(undefined)}><Icon name="reset" size={12} /></button>
      )}
    </div>
  );
}
