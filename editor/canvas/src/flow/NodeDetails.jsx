import { Icon } from '../Icon.jsx';
import { familyClass, kindText, networkOf } from '../model/kinds.js';
import { countText, parameterLine, shapeText } from '../model/text.js';
import { repeatText } from '../model/calculated.js';
import { isFrozen } from '../model/trainable.js';
import { NodeHealth } from './NodeHealth.jsx';
import { NodePort } from './NodePort.jsx';
import { Preview } from './Preview.jsx';
import { ProblemBadge } from './ProblemBadge.jsx';
import { SharedMark } from './SharedMark.jsx';

/** Name, kind and parameters, ports, and what Keras says of the output. */
export function NodeDetails({ id, data, kind, status, worst }) {
  const { record, arranged, ports } = data;
  const family = familyClass(kind);
  const line = parameterLine(record.kind, kind, record.params);
  const shape = shapeText(status?.shapes?.[ports.outputs[0]?.name]);
  const network = networkOf(record.kind);
  const times = network ? repeatText(record.repeat) : '';
  const plain = record.label ? '' : kind?.family ?? 'unknown kind';
  return (
    <>
      {arranged.ports.map((port) => <NodePort key={`${port.side}:${port.name}`} node={id} port={port} named={arranged.named} />)}
      <div className="node-head">
        <span className="node-icon"><Icon name={kind ? family : 'info'} /></span>
        <div className="node-title">
          <div className="node-name">{record.label || kindText(record.kind)}{times && <span className="times" title={`Repeated ${times} times`}>× {times}</span>}</div>
          <div className="node-line" title={line}>{record.label && <span className="node-kind">{kindText(record.kind)}</span>}{line || plain}</div>
        </div>
        {record.shares && <SharedMark owner={record.shares} />}
        {isFrozen(record) && <span className="mark">frozen</span>}
        {record.muted && <span className="mark">muted</span>}
        {worst && <ProblemBadge problems={status.problems} worst={worst} />}
      </div>
      {network && kind && <Preview network={network} />}
      <div className="node-foot">
        <span className="node-shape">{shape || (ports.outputs.length ? '–' : '')}</span>
        {status?.parameters > 0 && (
          <span className="node-count" title={`${status.parameters.toLocaleString('en-US')} parameters`}>{countText(status.parameters)}</span>
        )}
      </div>
      <NodeHealth id={id} />
    </>
  );
}
