import type { ModalView } from '@slack/web-api';
import { plainText } from '../../alert/plain-text.ts';
import { reasonText } from '../../alert/response-text.ts';
import { ResolutionReason } from '../../incident/incident-event.ts';
import type { ButtonValue, ModalId } from './slack-payload.ts';

const plain = (text: string, charsMax: number) =>
  ({ type: 'plain_text', text: plainText(text, charsMax) || ' ', emoji: false }) as const;

/** Asks for the reason before something is done that others will have to understand. */
export function modalFor(
  callback: ModalId,
  about: ButtonValue,
  facts: { headline: string; confirm: string | null },
): ModalView {
  const asked = {
    resolve: { title: 'Resolve incident', submit: 'Resolve' },
    reopen: { title: 'Reopen incident', submit: 'Reopen' },
    stop: { title: 'Disable key', submit: 'Disable' },
    undo: { title: 'Enable key again', submit: 'Enable' },
  }[callback];
  return {
    type: 'modal',
    callback_id: callback,
    private_metadata: JSON.stringify(about),
    title: plain(asked.title, 24),
    submit: plain(asked.submit, 24),
    close: plain('Back', 24),
    blocks: [
      { type: 'section', text: plain(facts.headline, 1_000) },
      ...(callback === 'resolve' ? [resolutionInput] : []),
      {
        type: 'input',
        block_id: 'reason',
        optional: callback === 'resolve',
        label: plain(callback === 'resolve' ? 'Note' : 'Reason', 100),
        element: { type: 'plain_text_input', action_id: 'reason', max_length: 300 },
      },
      ...(callback === 'stop' && facts.confirm !== null
        ? [
            {
              type: 'input' as const,
              block_id: 'confirm',
              label: plain('The key is protected. Type the last four characters of its id', 150),
              element: { type: 'plain_text_input' as const, action_id: 'confirm', max_length: 4 },
            },
          ]
        : []),
    ],
  };
}

const resolutionInput = {
  type: 'input' as const,
  block_id: 'resolution',
  label: plain('Why it is over', 100),
  element: {
    type: 'static_select' as const,
    action_id: 'resolution',
    options: ResolutionReason.exclude(['quiet', 'merged']).options.map((reason) => ({
      text: plain(reasonText(reason), 75),
      value: reason,
    })),
  },
};
