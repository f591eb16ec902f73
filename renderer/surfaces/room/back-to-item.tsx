import { useRoom } from './room-context.tsx';
import { patch } from './room-ui.ts';

/** At the end of a pane's head: from whatever was turned to, back to the one current item. */
export const BackToItem = () => {
  const { ui } = useRoom();
  return (
    <button className="back-to-item" onClick={() => patch(ui, { turnedTo: null })}>
      Back to the current item <kbd>.</kbd>
    </button>
  );
};
