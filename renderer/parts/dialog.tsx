import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { giveFocusBack } from './keep-focus.ts';
import './dialog.css';

type Props = {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly width?: 'narrow' | 'wide';
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Radix would give the focus to a trigger, and these dialogs have none. */
const giveBack = (event: Event): void => {
  event.preventDefault();
  giveFocusBack();
};

/**
 * A modal that takes the focus, keeps it and gives it back. Without Radix' own overlay: that one locks scrolling with an
 * injected style element, which our content security policy forbids; the veil covers what could be scrolled anyway.
 */
export const Dialog = ({ title, lead, width = 'narrow', onClose, children }: Props) => (
  <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
    <Primitive.Portal>
      <div className="veil" />
      <Primitive.Content
        className="dialog"
        data-width={width}
        onCloseAutoFocus={giveBack}
        {...(lead === undefined ? { 'aria-describedby': undefined } : {})}
      >
        <header>
          <Primitive.Title>{title}</Primitive.Title>
          <Primitive.Close className="quiet" aria-label="Close">
            <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M5 5l14 14M19 5 5 19" />
            </svg>
          </Primitive.Close>
        </header>
        {lead !== undefined && (
          <Primitive.Description asChild>
            <div className="lead">{lead}</div>
          </Primitive.Description>
        )}
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  </Primitive.Root>
);
