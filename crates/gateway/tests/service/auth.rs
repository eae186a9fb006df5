//! Signing in, staying in, and signing out.

use serde_json::json;

use crate::support::{TestGateway, text};

#[tokio::test]
async fn login_answers_tokens_and_me_knows_the_user() {
    let service = TestGateway::demo().await;
    let body = json!({ "email": "Test@Example.com", "password": "Test123!" });
    let (status, answer) = service.post("/api/v1/auth/login", "", body).await;
    assert_eq!(status, 200);
    assert_eq!(answer["success"], true);
    assert_eq!(answer["data"]["expiresIn"], 3600);
    assert_eq!(answer["data"]["user"]["role"], "CUSTOMER");
    let (status, me) = service.get("/api/v1/auth/me", answer["data"]["accessToken"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(me["data"]["email"], "test@example.com");
    assert!(me["data"].get("passwordHash").is_none());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let service = TestGateway::demo().await;
    let wrong = json!({ "email": "test@example.com", "password": "Test123?" });
    let unknown = json!({ "email": "nobody@example.com", "password": "Test123!" });
    let wrong = service.post("/api/v1/auth/login", "", wrong).await;
    assert_eq!(wrong.0, 401);
    assert_eq!(wrong.1["success"], false);
    assert_eq!(wrong.1["error"]["code"], "INVALID_CREDENTIALS");
    assert_eq!(wrong, service.post("/api/v1/auth/login", "", unknown).await);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_sign_in() {
    let service = TestGateway::demo().await;
    let first = service.customer().await.refresh;
    let refresh = |token: String| {
        let service = &service;
        async move { service.post("/api/v1/auth/refresh", "", json!({ "refreshToken": token })).await }
    };
    let (status, answer) = refresh(first.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let second = text(&answer["data"]["refreshToken"]);
    assert_ne!(second, first);
    assert_eq!(service.get("/api/v1/auth/me", answer["data"]["accessToken"].as_str().unwrap()).await.0, 200);

    let (status, answer) = refresh(first).await;
    assert_eq!(status, 401);
    assert_eq!(answer["error"]["code"], "INVALID_REFRESH_TOKEN");
    assert_eq!(refresh(second).await.0, 401, "the copy's sign-in has to end too");
    let other = service.customer().await.refresh;
    assert_eq!(refresh(other).await.0, 200, "another sign-in goes on");
}

#[tokio::test]
async fn logout_revokes_the_refresh_token() {
    let service = TestGateway::demo().await;
    let body = json!({ "refreshToken": service.customer().await.refresh });
    assert_eq!(service.post("/api/v1/auth/logout", "", body.clone()).await.0, 200);
    assert_eq!(service.post("/api/v1/auth/refresh", "", body.clone()).await.0, 401);
    assert_eq!(service.post("/api/v1/auth/logout", "", body).await.0, 200);
}

#[tokio::test]
async fn a_refresh_token_ends_in_time() {
    let config =
        gateway::GatewayConfig { refresh_ttl: std::time::Duration::from_secs(0), ..gateway::GatewayConfig::embedded() };
    let service = TestGateway::start(config).await;
    let body = json!({ "refreshToken": service.customer().await.refresh });
    assert_eq!(service.post("/api/v1/auth/refresh", "", body).await.0, 401);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_the_service_s_form() {
    let service = TestGateway::demo().await;
    for (path, token, status, code) in [
        ("/api/v1/auth/me", "", 401, "UNAUTHORIZED"),
        ("/api/v1/auth/me", "a.b.c", 401, "UNAUTHORIZED"),
        ("/api/v1/bookings", "", 401, "UNAUTHORIZED"),
        ("/api/v1/nothing", "", 404, "NOT_FOUND"),
        ("/api/v1/auth/login", "", 405, "METHOD_NOT_ALLOWED"),
    ] {
        let (got, answer) = service.get(path, token).await;
        assert_eq!(got, status, "{path}");
        assert_eq!(answer["success"], false, "{path}");
        assert_eq!(answer["error"]["code"], code, "{path}");
        assert!(!answer["message"].as_str().unwrap().is_empty(), "{path}");
    }
    let (status, answer) = service.post("/api/v1/auth/login", "", json!({ "email": 7 })).await;
    assert_eq!((status.as_u16(), &answer["error"]["code"]), (400, &json!("BAD_REQUEST")));
    let huge = json!({ "email": "x".repeat(70_000), "password": "y" });
    assert_eq!(service.post("/api/v1/auth/login", "", huge).await.0, 413);
}

#[tokio::test]
async fn the_second_listener_serves_sign_in_alone() {
    let service = TestGateway::demo().await;
    let url = format!("{}/api/v1/auth/login", service.auth_url);
    let body = json!({ "email": "test@example.com", "password": "Test123!" });
    let answer = service.http.post(url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    for path in ["/api/v1/flights", "/socket.io/?EIO=4&transport=polling"] {
        let answer = service.http.get(format!("{}{path}", service.auth_url)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}
