//! What anybody may know: discovery (RFC 8414), keys, the site's public settings.

use serde_json::json;

use super::Prism;
use super::refusal::{Answer, Refusal};
use super::scopes::PLATFORM;
use super::signing;
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn openid_configuration(&self) -> Answer {
        let base = self.base_url();
        Ok(Reply::json(
            200,
            &json!({
                "issuer": base,
                "authorization_endpoint": format!("{base}/api/oauth/authorize"),
                "token_endpoint": format!("{base}/api/oauth/token"),
                "userinfo_endpoint": format!("{base}/api/oauth/userinfo"),
                "revocation_endpoint": format!("{base}/api/oauth/revoke"),
                "introspection_endpoint": format!("{base}/api/oauth/introspect"),
                "jwks_uri": format!("{base}/.well-known/jwks.json"),
                "scopes_supported": PLATFORM,
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "access_token_signing_alg_values_supported": ["ML-DSA-65"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
                "code_challenge_methods_supported": ["S256", "plain"],
                "claims_supported":
                    ["sub", "name", "preferred_username", "picture", "email", "email_verified"],
            }),
        ))
    }

    pub(super) fn jwks() -> Answer {
        Ok(Reply::json(200, &signing::jwks()))
    }

    pub(super) fn site(&self) -> Answer {
        let mut site = json!({
            "site_name": "Prism", "site_description": "Federated identity platform", "site_icon_url": null,
            "unproxied_site_icon_url": null, "allow_registration": true, "invite_only": false,
            "captcha_provider": "none", "captcha_site_key": "", "pow_difficulty": 20,
            "require_email_verification": false, "email_verify_methods": "both",
            "accent_color": "#0078d4", "custom_css": "", "initialized": !self.read().users.is_empty(),
            "r2_enabled": false, "tg_notify_source_slug": "", "enable_public_profiles": true,
            "profile_readme_max_bytes": 65536, "github_readme_has_site_token": false,
            "github_readme_cache_ttl_seconds": 3600, "enabled_providers": [],
        });
        let shown = ["display_name", "avatar", "joined_at", "gpg_keys", "owned_apps", "domains", "readme"];
        let hidden = ["email", "authorized_apps", "joined_teams"];
        let team_shown = ["description", "avatar", "member_count", "apps", "domains"];
        let team_hidden = ["owner", "members"];
        if let Some(members) = site.as_object_mut() {
            for (prefix, names, on) in [
                ("default_profile_show", &shown[..], true),
                ("default_profile_show", &hidden[..], false),
                ("default_team_profile_show", &team_shown[..], true),
                ("default_team_profile_show", &team_hidden[..], false),
            ] {
                for name in names {
                    members.insert(format!("{prefix}_{name}"), json!(on));
                }
            }
        }
        Ok(Reply::json(200, &site))
    }

    /// All apps, for a site administrator's session.
    pub(super) fn admin_apps(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        if !user.is_site_admin {
            return Err(Refusal::forbidden());
        }
        let state = self.read();
        let apps: Vec<_> = state.apps_where(|_| true).iter().map(|app| app.shown(false)).collect();
        Ok(Reply::json(200, &json!({ "apps": apps })))
    }
}
