//! What a shell needs of the program: completions for each shell, and a manual page that leaves no option out.

use std::process::Command;

#[test]
fn completions_come_for_every_shell_and_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&["completions", shell]);
        for word in ["screen", "test", "completions", "man", "exit-verdict", "accept"] {
            assert!(script.contains(word), "the completions for {shell} lack `{word}`");
        }
    }
}

#[test]
fn the_manual_page_names_every_command_and_option() {
    let page = output(&["man"]).replace("\\-", "-");
    let mut named = 0;
    let commands = ["screen", "test"].map(|command| (command, output(&[command, "--help"])));
    for (command, help) in [("", output(&["--help"]))].into_iter().chain(commands) {
        for option in options(&help) {
            assert!(page.contains(&option), "the manual page lacks {option} of `candidacy {command}`");
            named += 1;
        }
    }
    assert!(named >= 12, "only {named} options found in the help");
    for command in ["SCREEN", "TEST", "COMPLETIONS", "MAN"] {
        assert!(page.contains(&format!("CANDIDACY {command}")), "the manual page lacks a section on {command}");
    }
    assert!(page.contains("a physician decides"), "the manual page lacks the notice");
    assert!(page.contains("Exit status"), "the manual page lacks the exit status");
}

/// The long options that a help text names at the beginning of a line.
fn options(help: &str) -> Vec<String> {
    let named = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let long = named.filter_map(|line| line.split_whitespace().find(|word| word.starts_with("--")));
    long.map(|option| option.trim_end_matches(',').to_owned()).collect()
}

fn output(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_candidacy")).args(args).output().expect("the program runs");
    assert!(out.status.success(), "{args:?} fails");
    String::from_utf8(out.stdout).expect("output is UTF-8")
}
