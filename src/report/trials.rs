//! What came of a pack's fixtures: for people, for a build server that reads JUnit's XML, and as annotations of GitHub.

pub mod words;
pub mod text;
pub mod junit;
pub mod github;
