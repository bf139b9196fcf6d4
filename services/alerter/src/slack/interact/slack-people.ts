import type { ModalView, WebClient } from '@slack/web-api';

/** How the people behind clicks are reached. */
export interface SlackPeople {
  /** Opens a modal for who just clicked. @throws when Slack does not: the click is older than three seconds, or a replay. */
  openModal(triggerId: string, view: ModalView): Promise<void>;
  /** Shows somebody a line that nobody else sees. @throws when Slack does not. */
  tell(channel: string, user: string, text: string): Promise<void>;
}

export function slackPeople(web: WebClient): SlackPeople {
  return {
    async openModal(trigger_id, view) {
      await web.views.open({ trigger_id, view });
    },
    async tell(channel, user, text) {
      await web.chat.postEphemeral({ channel, user, text, parse: 'none', link_names: false });
    },
  };
}
