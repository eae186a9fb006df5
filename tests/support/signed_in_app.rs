//! A signed-in application: a plain server, a resident in the tray, and its window.

use xtask::desktop::Desktop;

use crate::node::PlainGateway;
use crate::resident_process::ResidentProcess;
use crate::tray_host::TrayHost;
use crate::window_driver::WindowDriver;

/// A plain server, a resident in the tray that is signed in there, and its window, online.
pub struct SignedInApp<'a> {
    /// The server.
    pub server: PlainGateway,
    /// The resident.
    pub resident: ResidentProcess<'a>,
    /// The window.
    pub window: WindowDriver,
    _tray: TrayHost,
}

impl<'a> SignedInApp<'a> {
    /// Starts everything for a user of this role; `None` (with a SKIPPED line) where a part is missing.
    pub async fn start(desktop: &'a Desktop, role: &'static str) -> Option<Self> {
        let server = PlainGateway::start(role).await?;
        let mut resident = ResidentProcess::new(desktop)?;
        let tray = TrayHost::start(desktop.bus()).await;
        resident.login(&server.url()).await;
        resident.start().await;
        let window = WindowDriver::open(desktop, &resident).await?;
        window.find("[data-testid=connection][data-state=online]").await;
        Some(Self { server, resident, window, _tray: tray })
    }

    /// Restarts the resident and its window.
    pub async fn restarted(mut self, desktop: &'a Desktop) -> Option<Self> {
        self.window.close().await;
        self.resident.stop().await;
        self.resident.start().await;
        self.window = WindowDriver::open(desktop, &self.resident).await?;
        Some(self)
    }

    /// Closes the window and ends the resident.
    pub async fn end(mut self) {
        self.window.close().await;
        self.resident.stop().await;
    }
}
