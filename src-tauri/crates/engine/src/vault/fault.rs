//! What can be wrong with a place for secrets, and what a person reads about it.

use super::name::keychain_name;
use crate::data_dir::not_used;
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::say;

/// What is wrong. Words are the system's.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// There is no keychain here.
    KeychainAbsent(String),
    /// The keychain is closed, and nobody opened it.
    KeychainLocked,
    /// Its dialog is open and waits for the person.
    KeychainWaits,
    /// It, or the person, said no.
    KeychainDenied(String),
    /// It does not answer.
    KeychainHung,
    /// It fails otherwise.
    KeychainFailed(String),
    /// It forgets what it is given.
    Mock(String),
    /// What was written does not come back.
    NotKept,
    /// The passphrase vault has to be opened first.
    Locked,
    /// There is no passphrase vault.
    Missing,
    /// The passphrase does not open it.
    WrongPassphrase,
    /// A new passphrase is too easy.
    WeakPassphrase,
    /// A passphrase is needed and none was given.
    NoPassphrase,
    /// A file of the passphrase vault is not what it should be.
    Damaged(String),
    /// A file holds another secret than its name says.
    Swapped(String),
    /// A file could not be written.
    NotWritten(String),
    /// A file could not be read.
    NotRead(String),
    /// `vault.json` is of a newer version.
    ChoiceNewer(u32),
    /// `vault.json` cannot be read.
    ChoiceUnreadable(String),
    /// The data directory is a link, or others can open it.
    Directory(String),
    /// Nothing can be kept without a data directory.
    NoDirectory,
}

impl Fault {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::KeychainAbsent(_) => "vault.keychain_absent",
            Self::KeychainLocked | Self::KeychainWaits => "vault.keychain_locked",
            Self::KeychainDenied(_) => "vault.keychain_denied",
            Self::KeychainHung => "vault.keychain_hung",
            Self::KeychainFailed(_) => "vault.keychain_failed",
            Self::Mock(_) => "vault.mock_store",
            Self::NotKept => "vault.not_kept",
            Self::Locked => "vault.locked",
            Self::Missing => "vault.missing",
            Self::WrongPassphrase => "vault.wrong_passphrase",
            Self::WeakPassphrase => "vault.weak_passphrase",
            Self::NoPassphrase => "vault.no_passphrase",
            Self::Damaged(_) => "vault.damaged",
            Self::Swapped(_) => "vault.swapped",
            Self::NotWritten(_) => "vault.not_written",
            Self::NotRead(_) => "vault.not_read",
            Self::ChoiceNewer(_) => "vault.newer_version",
            Self::ChoiceUnreadable(_) => "vault.choice_unreadable",
            Self::Directory(_) => "data_dir.unsafe",
            Self::NoDirectory => "vault.no_directory",
        }
    }

    /// Whether no entry of the keychain can be reached now.
    pub(super) fn is_of_whole_keychain(&self) -> bool {
        matches!(
            self,
            Self::KeychainAbsent(_)
                | Self::KeychainLocked
                | Self::KeychainWaits
                | Self::KeychainDenied(_)
                | Self::KeychainHung
        )
    }

    /// What a person reads.
    pub(crate) fn problem(&self, lang: Lang) -> Problem {
        if let Self::Directory(words) = self {
            return Problem { severity: Severity::Refused, ..not_used(words, lang) };
        }
        let problem = Problem::refused(self.code(), self.message(lang)).hinted(self.hint(lang));
        match self {
            Self::KeychainAbsent(_) | Self::KeychainHung | Self::KeychainFailed(_) | Self::Mock(_) => {
                problem.hinted(another_place(lang))
            }
            Self::NoPassphrase | Self::WeakPassphrase | Self::WrongPassphrase => problem.about("passphrase"),
            _ => problem,
        }
    }

    fn message(&self, lang: Lang) -> String {
        let name = keychain_name(lang);
        match self {
            Self::KeychainAbsent(words) => say!(
                lang,
                "There is no keychain ({name}) here: {words}.",
                "这里没有可用的钥匙串（{name}）：{words}。"
            ),
            Self::KeychainLocked => {
                say!(lang, "The keychain ({name}) is locked.", "钥匙串（{name}）已锁定。")
            }
            Self::KeychainWaits => say!(
                lang,
                "The keychain ({name}) waits for an answer in its own dialog.",
                "钥匙串（{name}）正在自己的对话框中等待回答。"
            ),
            Self::KeychainDenied(words) => say!(
                lang,
                "The keychain ({name}) refused access: {words}.",
                "钥匙串（{name}）拒绝访问：{words}。"
            ),
            Self::KeychainHung => say!(
                lang,
                "The keychain ({name}) does not answer. Nothing was written anywhere else.",
                "钥匙串（{name}）没有响应。没有写到其他任何地方。"
            ),
            Self::KeychainFailed(words) => {
                say!(lang, "The keychain ({name}) failed: {words}.", "钥匙串（{name}）出错：{words}。")
            }
            Self::Mock(words) => say!(
                lang,
                "The keychain forgets what it is given ({words}), so it is not used.",
                "这个钥匙串不会保存内容（{words}），因此不使用它。"
            ),
            Self::NotKept => say!(
                lang,
                "The secret was written but does not read back as it was written.",
                "已写入密钥，但读回的内容与写入的不一致。"
            ),
            Self::Locked => say!(lang, "The passphrase vault is locked.", "口令保险库已锁定。"),
            Self::Missing => say!(lang, "There is no passphrase vault here.", "这里没有口令保险库。"),
            Self::WrongPassphrase => {
                say!(lang, "This passphrase does not open the vault.", "这个口令打不开保险库。")
            }
            Self::WeakPassphrase => {
                say!(lang, "The passphrase is too easy to guess.", "这个口令太容易被猜到。")
            }
            Self::NoPassphrase => {
                say!(lang, "A passphrase vault needs a passphrase.", "口令保险库需要一个口令。")
            }
            _ => self.message_of_files(lang),
        }
    }

    fn message_of_files(&self, lang: Lang) -> String {
        match self {
            Self::Damaged(file) => say!(
                lang,
                "`{file}` of the passphrase vault is damaged and is left as it is.",
                "口令保险库的 `{file}` 已损坏，未作改动。"
            ),
            Self::Swapped(file) => say!(
                lang,
                "`{file}` of the passphrase vault holds another secret than its name says; it is not used.",
                "口令保险库的 `{file}` 里不是它的名称所说的密钥，因此不使用。"
            ),
            Self::NotWritten(words) => say!(
                lang,
                "The vault could not be written: {words}. What it held is unchanged.",
                "无法写入保险库：{words}。原有内容没有变化。"
            ),
            Self::NotRead(words) => {
                say!(lang, "The vault could not be read: {words}.", "无法读取保险库：{words}。")
            }
            Self::ChoiceNewer(version) => say!(
                lang,
                "`vault.json` is of version {version}, which is newer than this program; it is left alone.",
                "`vault.json` 是版本 {version}，比本程序新；未作改动。"
            ),
            Self::ChoiceUnreadable(words) => say!(
                lang,
                "`vault.json`, which names the place of the secrets, cannot be read: {words}.",
                "无法读取记录密钥位置的 `vault.json`：{words}。"
            ),
            _ => say!(
                lang,
                "There is no data directory, so secrets can be kept for this run only.",
                "没有数据目录，因此密钥只能保存到本次运行结束。"
            ),
        }
    }

    fn hint(&self, lang: Lang) -> String {
        match self {
            Self::KeychainAbsent(_) => {
                say!(
                    lang,
                    "Start the keychain of your desktop, then try again.",
                    "启动桌面的钥匙串，然后重试。"
                )
            }
            Self::KeychainLocked => {
                say!(lang, "Unlock the keychain, then try again.", "解锁钥匙串，然后重试。")
            }
            Self::KeychainWaits => {
                say!(lang, "Answer the keychain's dialog, then try again.", "回答钥匙串的对话框，然后重试。")
            }
            Self::KeychainDenied(_) => say!(
                lang,
                "Allow Spectroscope in the keychain's dialog or settings, then try again.",
                "在钥匙串的对话框或设置中允许 Spectroscope，然后重试。"
            ),
            Self::KeychainHung => {
                say!(
                    lang,
                    "End the keychain's process, or sign out of the desktop and in again; then try again.",
                    "结束钥匙串进程，或注销桌面后重新登录；然后重试。"
                )
            }
            Self::KeychainFailed(_) | Self::NotKept => say!(lang, "Try again.", "重试。"),
            Self::Mock(_) => say!(lang, "Use the keychain of the system.", "使用系统的钥匙串。"),
            Self::Locked => say!(lang, "Unlock it with its passphrase.", "用口令解锁。"),
            Self::Missing => say!(lang, "Choose again where secrets are kept.", "重新选择密钥的保存位置。"),
            Self::WrongPassphrase => say!(
                lang,
                "Type it again. If it is lost, forget everything and sign in anew.",
                "重新输入。如果忘记了口令，选择“忘记一切”，然后重新登录。"
            ),
            Self::WeakPassphrase => say!(
                lang,
                "Use a longer passphrase; four unrelated words are enough.",
                "使用更长的口令；四个不相关的词就足够。"
            ),
            Self::NoPassphrase => say!(lang, "Type a passphrase.", "输入口令。"),
            Self::Damaged(file) if file == super::passphrase::KEY => say!(
                lang,
                "Restore `{file}` from a backup. Without it no secret of this vault can be read: forget everything, then add each identity again.",
                "从备份恢复 `{file}`。没有它就无法读取此保险库中的任何密钥：选择“忘记一切”，然后重新添加每个身份。"
            ),
            Self::Damaged(_) | Self::Swapped(_) => say!(
                lang,
                "Restore the file from a backup, or remove the identity and add it again.",
                "从备份恢复该文件，或移除该身份后重新添加。"
            ),
            Self::NotWritten(_) => say!(
                lang,
                "Make room on the disk or make the data directory writable, then try again.",
                "腾出磁盘空间或让数据目录可写，然后重试。"
            ),
            Self::NotRead(_) => {
                say!(lang, "Make the data directory readable, then try again.", "让数据目录可读，然后重试。")
            }
            Self::ChoiceNewer(_) => {
                say!(lang, "Use the newer version of Spectroscope.", "使用更新版本的 Spectroscope。")
            }
            Self::ChoiceUnreadable(_) => {
                say!(lang, "Choose again where secrets are kept.", "重新选择密钥的保存位置。")
            }
            // A data directory that is not used has words of its own.
            Self::Directory(_) | Self::NoDirectory => {
                say!(lang, "Choose this run only.", "选择仅本次运行。")
            }
        }
    }
}

fn another_place(lang: Lang) -> String {
    say!(
        lang,
        "Choose another place for secrets: encrypted files with a passphrase, or this run only.",
        "为密钥选择其他位置：用口令加密的文件，或仅本次运行。"
    )
}

/// Nothing was chosen, and the keychain that would be taken by itself does not work.
pub(crate) fn unchosen(why: &Fault, lang: Lang) -> Problem {
    let reason = why.message(lang);
    let problem = Problem::refused(
        "vault.unchosen",
        say!(
            lang,
            "No place for secrets is chosen, so nothing was kept. {reason}",
            "还没有选择密钥的保存位置，因此没有保存。{reason}"
        ),
    );
    problem.about(why.code()).hinted(another_place(lang)).hinted(why.hint(lang))
}

/// What is said about a vault that opens with a passphrase that a new one may not have.
pub(super) fn weak_but_open(lang: Lang) -> Problem {
    Problem::note(
        "vault.weak_passphrase_kept",
        say!(lang, "The passphrase of this vault is too easy to guess.", "此保险库的口令太容易被猜到。"),
    )
    .hinted(say!(
        lang,
        "Move the secrets to the keychain and back to set a stronger passphrase.",
        "将密钥移到钥匙串再移回，以设置更强的口令。"
    ))
}
