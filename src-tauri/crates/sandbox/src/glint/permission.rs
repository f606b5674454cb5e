//! Role permissions: names, defaults and who wins (contract §8.2).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Every permission Glint knows, in the order in which it lists them.
pub(super) const KEYS: [&str; 17] = [
    "manage_settings",
    "manage_permissions",
    "manage_sets",
    "manage_set_links",
    "create_todos",
    "edit_own_todos",
    "edit_any_todo",
    "delete_own_todos",
    "delete_any_todo",
    "complete_any_todo",
    "add_subtodos",
    "assign_todos",
    "reorder_todos",
    "comment",
    "delete_own_comments",
    "delete_any_comment",
    "view_todos",
];

/// The roles a permission row can be stored for; any other role violates a database constraint.
pub(super) const ROLES: [&str; 3] = ["co-owner", "admin", "member"];

const DENIED_TO_MEMBERS: [&str; 9] = [
    "manage_settings",
    "manage_permissions",
    "manage_sets",
    "manage_set_links",
    "edit_any_todo",
    "delete_any_todo",
    "complete_any_todo",
    "reorder_todos",
    "delete_any_comment",
];

const DENIED_TO_ADMINS: [&str; 2] = ["manage_settings", "manage_permissions"];

/// The stored rows of one team: (`global` or `set:<id>`, role, permission) to allowed.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    rows: BTreeMap<(String, String, String), bool>,
}

/// What a role may do when nothing is stored.
pub(super) fn default_for(role: &str, permission: &str) -> bool {
    match role {
        "owner" | "co-owner" => true,
        "admin" => !DENIED_TO_ADMINS.contains(&permission),
        "member" => !DENIED_TO_MEMBERS.contains(&permission),
        _ => false,
    }
}

impl Matrix {
    /// Stores one row; names are not checked.
    pub(super) fn put(&mut self, scope: &str, role: &str, permission: &str, allowed: bool) {
        self.rows.insert((scope.into(), role.into(), permission.into()), allowed);
    }

    /// Forgets every row of `global` or of one `set:<id>`.
    pub(super) fn clear(&mut self, scope: &str) {
        self.rows.retain(|(stored, _, _), _| stored != scope);
    }

    /// Whether `role` may do `permission`, in one set or (`None`) in the team.
    ///
    /// Rows stored for `co-owner` have no effect: the first two roles never get to them.
    pub(super) fn allows(&self, role: &str, permission: &str, set: Option<&str>) -> bool {
        if matches!(role, "owner" | "co-owner") {
            return true;
        }
        let row =
            |scope: &str| self.rows.get(&(scope.to_owned(), role.to_owned(), permission.to_owned())).copied();
        set.and_then(|set| row(&format!("set:{set}")))
            .or_else(|| row("global"))
            .unwrap_or_else(|| default_for(role, permission))
    }

    /// `{permission: bool}` for every key, as the caller would be judged.
    pub(super) fn effective(&self, role: &str, set: Option<&str>) -> Value {
        KEYS.iter().map(|key| ((*key).to_owned(), Value::Bool(self.allows(role, key, set)))).collect()
    }

    /// The `global` member of the matrix answer: defaults with the global rows laid over them, co-owner rows included.
    pub(super) fn global(&self) -> Value {
        per_role(|role, key| {
            let row = self.rows.get(&("global".to_owned(), role.to_owned(), key.to_owned())).copied();
            row.unwrap_or_else(|| default_for(role, key))
        })
    }

    /// The `sets` member of the matrix answer: what is stored, under whatever names.
    pub(super) fn sets(&self) -> Value {
        let mut sets = Map::new();
        for ((scope, role, permission), allowed) in &self.rows {
            let Some(set) = scope.strip_prefix("set:") else { continue };
            let roles = sets.entry(set).or_insert_with(|| Value::Object(Map::new()));
            let Some(rows) = roles.as_object_mut() else { continue };
            let row = rows.entry(role.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Some(row) = row.as_object_mut() {
                row.insert(permission.clone(), Value::Bool(*allowed));
            }
        }
        Value::Object(sets)
    }
}

/// The `defaults` member of the matrix answer.
pub(super) fn defaults() -> Value {
    per_role(default_for)
}

fn per_role(allowed: impl Fn(&str, &str) -> bool) -> Value {
    let row = |role: &str| {
        KEYS.iter().map(|key| ((*key).to_owned(), Value::Bool(allowed(role, key)))).collect::<Value>()
    };
    ROLES.iter().map(|role| ((*role).to_owned(), row(role))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_row_beats_the_global_row_in_both_directions() {
        let mut matrix = Matrix::default();
        matrix.put("global", "member", "view_todos", false);
        matrix.put("set:open", "member", "view_todos", true);
        assert!(!matrix.allows("member", "view_todos", Some("closed")));
        assert!(matrix.allows("member", "view_todos", Some("open")));
        matrix.put("global", "member", "view_todos", true);
        matrix.put("set:open", "member", "view_todos", false);
        assert!(matrix.allows("member", "view_todos", None));
        assert!(!matrix.allows("member", "view_todos", Some("open")));
    }

    #[test]
    fn rows_for_co_owners_are_shown_but_do_nothing() {
        let mut matrix = Matrix::default();
        matrix.put("global", "co-owner", "manage_sets", false);
        assert!(matrix.allows("co-owner", "manage_sets", None));
        assert_eq!(matrix.global()["co-owner"]["manage_sets"], Value::Bool(false));
    }

    #[test]
    fn unknown_names_are_shown_for_sets_and_nowhere_else() {
        let mut matrix = Matrix::default();
        matrix.put("set:a", "member", "fly", true);
        matrix.put("global", "member", "fly", true);
        assert_eq!(matrix.sets()["a"]["member"]["fly"], Value::Bool(true));
        assert!(matrix.global()["member"].get("fly").is_none());
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let denied = |role| KEYS.iter().filter(|key| !default_for(role, key)).count();
        assert_eq!((denied("member"), denied("admin"), denied("co-owner")), (9, 2, 0));
    }
}
