//! Description of the notification service.

/// Notification service, as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationService {
    /// Name of the service.
    pub name: String,
    /// Version of the service.
    pub version: String,
    /// Capabilities, as named by the Desktop Notifications Specification.
    pub capabilities: Vec<String>,
}
