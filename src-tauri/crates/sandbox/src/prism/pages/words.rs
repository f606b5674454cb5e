//! The words of the pages, in both languages.

use axum::http::header;

use crate::wire::Call;

/// The words of the pages in one language.
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) user_name: &'static str,
    pub(super) password: &'static str,
    pub(super) wrong: &'static str,
    pub(super) anybody: &'static str,
    pub(super) consent: &'static str,
    pub(super) asks: &'static str,
    pub(super) signed_in_as: &'static str,
    pub(super) approve: &'static str,
    pub(super) deny: &'static str,
    pub(super) other_person: &'static str,
    pub(super) cannot_go_on: &'static str,
    pub(super) left_out: &'static str,
    pub(super) for_team: &'static str,
    pub(super) banner: &'static str,
}

static ENGLISH: Words = Words {
    lang: "en",
    sign_in: "Sign in",
    user_name: "User name or address",
    password: "Password",
    wrong: "The user name or the password is wrong.",
    anybody: "Or sign in as",
    consent: "Allow access",
    asks: "asks for:",
    signed_in_as: "Signed in as",
    approve: "Approve",
    deny: "Deny",
    other_person: "Sign in as somebody else",
    cannot_go_on: "Prism refuses this request:",
    left_out: "Left out without a word",
    for_team: "For the team",
    banner: "Sandbox: an emulated Prism on this computer. Nothing here is real.",
};

static CHINESE: Words = Words {
    lang: "zh-CN",
    sign_in: "登录",
    user_name: "用户名或邮箱",
    password: "密码",
    wrong: "用户名或密码不正确。",
    anybody: "或以下列身份登录",
    consent: "授权访问",
    asks: "请求以下权限：",
    signed_in_as: "当前登录：",
    approve: "同意",
    deny: "拒绝",
    other_person: "换一个身份登录",
    cannot_go_on: "Prism 拒绝了此请求：",
    left_out: "未经提示即被略去",
    for_team: "授权的团队",
    banner: "沙盒：本机上的模拟 Prism，这里的一切都不是真实数据。",
};

impl Words {
    /// The language the browser asks for first.
    pub(super) fn of(call: &Call) -> &'static Self {
        let chinese = call.text_header(header::ACCEPT_LANGUAGE.as_str()).is_some_and(|l| l.starts_with("zh"));
        if chinese { &CHINESE } else { &ENGLISH }
    }
}
