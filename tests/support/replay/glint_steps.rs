//! What happened between the recorded exchanges with Glint.

use super::glint_deployments;
use super::stage::Stage;
use sandbox::glint::{ConfigSeed, DeploymentSeed};
use sandbox::scenario::{MemberSeed, Scenario};
use serde_json::{Value, json};

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const PANTRY: &str = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
const ERRANDS: &str = "37adb705-c92d-4ff8-bf1d-a2567732b62e";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
const SCRATCH: &str = "cbec09ae-bc42-4b03-a47b-5859684df9b4";
const MIA_TODO: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
const ADAM_TODO: &str = "1e52214f-042d-4bb4-ad84-4acb7e996c03";
/// The secret of Glint's client in the recorded set-up.
const RECORDED_SECRET: &str = "xdPYwH7oI1j61hcOccbHAdDBKu40hfF2oL6fRMktcgI";

pub(super) type Step = Result<(), String>;

/// Before set-up.
pub(super) fn unconfigured(scenario: &mut Scenario) {
    scenario.glint.configured = false;
    scenario.glint.config = ConfigSeed::default();
}

/// Before anybody made a set.
pub(super) fn no_sets(scenario: &mut Scenario) {
    scenario.glint.sets.clear();
    scenario.glint.permissions.clear();
}

/// Set-up without migrations and without realtime.
pub(super) fn broken(scenario: &mut Scenario) {
    unconfigured(scenario);
    no_sets(scenario);
    scenario.glint.deployment = DeploymentSeed { migrations: false, realtime: false };
}

/// Whether the recorder found a team list cached.
pub(super) fn cached(_file: &str, name: &str) -> bool {
    !name.ends_with("-not-cached")
}

/// What has to happen before this exchange.
pub(super) async fn before(stage: &mut Stage, file: &str, name: &str) -> Step {
    match file {
        "glint-init" => init(stage, name),
        "glint-crossapp-success" => success(stage, name).await,
        "glint-crossapp-denials" => denials(stage, name).await,
        "glint-membership-cache" => membership(stage, name).await,
        _ => glint_deployments::before(stage, name),
    }
}

fn init(stage: &mut Stage, name: &str) -> Step {
    match name {
        "setup" => know_secret(stage),
        "register-permissions-no-secret" => {
            stage.sandbox()?.glint().configure(|config| config.prism_client_secret.clear());
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn know_secret(stage: &mut Stage) {
    let secret = stage.credential("client:glint").map(|credential| credential.secret.clone());
    stage.names.put(RECORDED_SECRET, secret.unwrap_or_default());
}

async fn success(stage: &mut Stage, name: &str) -> Step {
    match name {
        "todo-create" => {
            for (id, set) in [(ERRANDS, "Errands"), (BOARD, "Board minutes"), (SCRATCH, "Scratchpad")] {
                let made =
                    stage.ask("token:olivia_all", &team("POST", "/sets"), json!({ "name": set })).await?;
                stage.names.learn(&json!({ "set": { "id": id } }), &made);
            }
        }
        "todo-create-write-todos" => {
            let todos = [
                ("84797859-a710-412b-ba84-3ddde0e1f627", "token:olivia_all", PANTRY, "Order scones"),
                (ADAM_TODO, "token:adam_all", PANTRY, "Polish the teapot"),
                ("175a0ce3-90ba-4bfb-b215-391e23ecf4ac", "token:olivia_all", ERRANDS, "Return library books"),
                ("f22fccd0-1a91-4a39-a309-7f7a533503ad", "token:olivia_all", BOARD, "Confidential: budget"),
                ("a61265f2-a9c5-4b0e-8aa4-88b239983c24", "token:olivia_all", BOARD, "Confidential: hiring"),
            ];
            for (id, who, set, title) in todos {
                let call = team("POST", &format!("/sets/{set}/todos"));
                let made = stage.ask(who, &call, json!({ "title": title })).await?;
                stage.names.learn(&json!({ "todo": { "id": id } }), &made);
            }
        }
        "comments-list" => {
            comment(
                stage,
                "token:olivia_all",
                MIA_TODO,
                "On the list",
                "6ae03c53-42dd-4765-8d4f-031a4232ad6e",
            )
            .await?;
            comment(stage, "token:adam_all", ADAM_TODO, "With lemon", "5aca5e44-1862-48f6-a45b-ea907c4060f8")
                .await?;
        }
        "comment-delete-own" => {
            comment(stage, "token:mia_all", MIA_TODO, "Never mind", "4c2a4ec5-1761-49e5-a32b-349264395b91")
                .await?;
        }
        _ => {}
    }
    Ok(())
}

async fn comment(stage: &mut Stage, who: &str, todo: &str, text: &str, id: &str) -> Step {
    let call = team("POST", &format!("/todos/{todo}/comments"));
    let made = stage.ask(who, &call, json!({ "body": text })).await?;
    stage.names.learn(&json!({ "comment": { "id": id } }), &made);
    Ok(())
}

async fn denials(stage: &mut Stage, name: &str) -> Step {
    let scratch = format!("set:{SCRATCH}");
    let pantry = format!("set:{PANTRY}");
    match name {
        "403-membership-unavailable" => {
            // Elsewhere nobody has asked with a token of Bob's that reads teams, so there is nothing to forget.
            if let Ok(sandbox) = stage.sandbox() {
                sandbox.glint().drop_team_list(&stage.user_id("bob"));
            }
        }
        "403-set-create" => {
            let denied = [
                "create_todos",
                "add_subtodos",
                "edit_own_todos",
                "delete_own_todos",
                "comment",
                "delete_own_comments",
                "assign_todos",
            ];
            rows(stage, &scratch, "member", &denied, false).await?;
        }
        "403-global-view" => rows(stage, "global", "member", &["view_todos"], false).await?,
        "global-deny-set-allow" => rows(stage, &pantry, "member", &["view_todos"], true).await?,
        "403-set-manage-sets-ignored" => {
            rows(stage, &pantry, "member", &["manage_sets", "reorder_todos"], true).await?;
        }
        "403-grant-manage-permissions" => {
            rows(stage, "global", "admin", &["manage_permissions"], true).await?
        }
        "co-owner-row-ignored" => {
            rows(stage, "global", "co-owner", &["manage_sets"], false).await?;
            // Elsewhere the row stays without effect on an admin, who may do the same.
            if stage.sandbox().is_ok() {
                role(stage, "adam", "co-owner")?;
            }
        }
        "permissions-bad-role" => {
            stage.ask("token:olivia_perms", &team("DELETE", "/permissions"), Value::Null).await?;
            if stage.sandbox().is_ok() {
                role(stage, "adam", "admin")?;
            }
        }
        "403-set-grants-ignored-settings" => {
            rows(stage, &scratch, "admin", &["manage_settings", "manage_permissions"], true).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn rows(stage: &Stage, scope: &str, role: &str, permissions: &[&str], allowed: bool) -> Step {
    let row = |permission: &&str| json!({ "role": role, "permission": permission, "allowed": allowed });
    let body = json!({ "scope": scope, "permissions": permissions.iter().map(row).collect::<Vec<Value>>() });
    stage.ask("token:olivia_perms", &team("PUT", "/permissions"), body).await.map(|_| ())
}

/// A new role at Prism, seen by Glint at once.
fn role(stage: &mut Stage, user: &str, role: &str) -> Step {
    join(stage, user, Some(role))?;
    forget(stage, user)
}

/// Lets Glint forget somebody's team list.
fn forget(stage: &Stage, user: &str) -> Step {
    stage.sandbox()?.glint().drop_team_list(&stage.user_id(user));
    Ok(())
}

/// Puts a person into the team, or takes the person out.
fn join(stage: &mut Stage, user: &str, role: Option<&str>) -> Step {
    stage.change_prism(|scenario| {
        for team in scenario.prism.teams.iter_mut().filter(|team| team.id == TEAM) {
            team.members.retain(|member| member.user != user);
            team.members.extend(role.map(|role| MemberSeed {
                user: user.into(),
                role: role.into(),
                ..MemberSeed::default()
            }));
        }
    })
}

fn active(stage: &mut Stage, user: &str, is_active: bool) -> Step {
    stage.change_prism(|scenario| {
        scenario.prism.users.iter_mut().filter(|u| u.username == user).for_each(|u| u.is_active = is_active);
    })
}

fn app_active(stage: &mut Stage, name: &str, is_active: bool) -> Step {
    stage.change_prism(|scenario| {
        scenario
            .prism
            .apps
            .iter_mut()
            .filter(|app| app.name == name)
            .for_each(|app| app.is_active = is_active);
    })
}

async fn membership(stage: &mut Stage, name: &str) -> Step {
    match name {
        "4-prism-says" => join(stage, "mia", None)?,
        "5-after-expiry" | "8-role-fresh" | "10-user-deactivated-cold" | "10-reactivated-cold" => {
            forget(stage, "mia")?;
        }
        "6-prism-says" => join(stage, "mia", Some("member"))?,
        "8-role-stale" => join(stage, "mia", Some("admin"))?,
        "9-joined-but-denied" => join(stage, "nora", Some("member"))?,
        "9-empty-noteams-cold" => {
            join(stage, "nora", None)?;
            forget(stage, "nora")?;
        }
        "10-warm" => role(stage, "mia", "member")?,
        "10-user-deactivated-warm" => active(stage, "mia", false)?,
        "10-reactivated" => active(stage, "mia", true)?,
        "11-client-deactivated" => app_active(stage, "App B", false)?,
        "11-glint-app-deactivated" => {
            app_active(stage, "App B", true)?;
            app_active(stage, "Glint", false)?;
        }
        "11-app-deny-after-issue" => {
            app_active(stage, "Glint", true)?;
            let rule = json!({ "rule_type": "app_deny", "target_id": "prism_4Kg-r67d_NcD72Kg9XU1Fg" });
            let call = "POST /api/apps/052877d243367e69e10b707373ddb44b/scope-access-rules";
            stage.ask_prism("session:olivia", call, rule).await?;
        }
        "11-definition-deleted-old-token" => {
            stage.change_prism(|scenario| {
                scenario.prism.apps.iter_mut().for_each(|app| app.definitions.clear());
            })?;
        }
        "12-after-consent-revoke" => {
            let call = "DELETE /api/oauth/consents/prism_4Kg-r67d_NcD72Kg9XU1Fg";
            stage.ask_prism("session:mia", call, Value::Null).await?;
        }
        _ => {}
    }
    Ok(())
}

fn team(method: &str, path: &str) -> String {
    format!("{method} /api/cross-app/teams/{TEAM}{path}")
}
