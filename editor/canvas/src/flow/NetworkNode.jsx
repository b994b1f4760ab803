import { memo } from 'react';
import { useStore } from '@xyflow/react';
import { useRecords, useStatus, useStoreOf } from '../context.js';
import { Icon } from '../Icon.jsx';
import { familyClass } from '../model/kinds.js';
import { countText, parameterLine, shapeText } from '../model/text.js';
import { NodePort } from './NodePort.jsx';
import { ProblemBadge } from './ProblemBadge.jsx';
import { isFar } from './zoom.js';

function SharedMark({ owner }) {
  const { nodes } = useRecords();
  const name = nodes[owner]?.label || owner;
  return <span className="mark" title={`Uses the weights of ${name}`} aria-label={`Uses the weights of ${name}`}><Icon name="share" size={14} /></span>;
}

/** A node: its family's colour, name, kind and parameters, ports, and what Keras says of its output. */
export const NetworkNode = memo(function NetworkNode({ id, data, selected }) {
  const { record, arranged, ports } = data;
  const store = useStoreOf();
  const status = useStatus(id);
  const far = useStore(isFar);
  const kind = store.kind(record.kind);
  const problems = status?.problems ?? [];
  const worst = problems.some(({ severity }) => severity === 'error') ? 'error' : problems[0]?.severity ?? '';
  const name = record.label || record.kind;
  const line = parameterLine(record.kind, kind, record.params);
  const state = [selected && 'selected', record.muted && 'muted', worst && `sev-${worst}`, !kind && 'unknown'].filter(Boolean).join(' ');
  const shape = status?.shapes?.[ports.outputs[0]?.name];
  return (
    <div data-testid={`node:${id}`} className={`node family-${familyClass(kind)} ${far ? 'far' : ''} ${state}`} style={{ height: arranged.height }}>
      {arranged.ports.map((port) => (
        <NodePort key={`${port.side}:${port.name}`} node={id} port={port} named={arranged.named && !far} />
      ))}
      <div className="node-head">
        <span className="node-icon"><Icon name={kind ? familyClass(kind) : 'info'} size={far ? 28 : 16} /></span>
        <div className="node-title">
          <div className="node-name">{name}</div>
          {!far && <div className="node-line" title={line}>{record.label && <span className="node-kind">{record.kind}</span>}{line || (record.label ? '' : kind ? kind.family.toLowerCase() : 'unknown kind')}</div>}
        </div>
        {!far && record.shares && <SharedMark owner={record.shares} />}
        {!far && record.muted && <span className="mark">muted</span>}
        {worst && <ProblemBadge problems={problems} worst={worst} />}
      </div>
      {!far && (
        <div className="node-foot">
          <span className="node-shape">{shapeText(shape) || (ports.outputs.length ? '–' : '')}</span>
          {status?.parameters > 0 && <span className="node-count" title={`${status.parameters.toLocaleString('en-US')} parameters`}>{countText(status.parameters)}</span>}
        </div>
      )}
    </div>
  );
});
