//! Changed preferences, applied to rows and to toasts.

use std::sync::Arc;

use super::Writer;
use crate::preferences::EffectivePreferences;
use crate::status::Change;

impl Writer {
    pub(super) fn set_preferences(&mut self, preferences: Arc<EffectivePreferences>) {
        let before = std::mem::replace(&mut self.presenter.preferences, preferences);
        let language = self.presenter.preferences.locale.language;
        if before.locale.language != language {
            self.inbox.store.set_language(language);
            self.rebuild.rerender(true);
            self.inbox.status.modify(|snapshot| snapshot.language = language);
            self.publish_digest();
            self.inbox.announce(Change::Reload);
        }
        self.presenter.on_preferences_changed(&before, &mut self.inbox);
    }
}
