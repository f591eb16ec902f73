import { linksOf } from '../../links.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useRun } from './room-context.tsx';

/** Dashboards and references of this run, the host before anything else; they open in the system's browser. */
export const LinksDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const context = useRun((view) => view.context);
  const links = linksOf(context);
  return (
    <Dialog title="Links" lead="They open in your browser, outside of War Room." onClose={onClose}>
      {links.length === 0 ? (
        <p className="muted">Neither the document nor the target has a link that begins with https.</p>
      ) : (
        <ul className="due-lines">
          {links.map(({ host, label, url }) => (
            <li key={url}>
              <a className="link-line" href={url} target="_blank" rel="noopener noreferrer" title={url}>
                <b>{host}</b> <span className="muted">{label}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
};
