//! A PostgreSQL server that ends with the test process that has started it.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// Whose process a server becomes that a test of root starts: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// A server with a folder and a port of its own.
pub(crate) struct Server {
    port: u16,
    folder: TempDir,
    /// Runs it until its pipe is closed.
    shell: Option<Child>,
}

impl Server {
    /// Starts one on a free port of loopback.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if std::fs::metadata(folder.path()).unwrap().uid() == 0 {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let made = program("initdb", folder.path())
            .args(["--no-sync", "--auth=trust", "--username=broker", "--encoding=UTF8", "--pgdata"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "initdb");
        let mut server = Self { port, folder, shell: None };
        server.run().await;
        server
    }

    /// Runs it until the pipe to its shell is closed, whatever ends this process.
    pub(crate) async fn run(&mut self) {
        let script = "\"$0\" \"$@\" & server=$!; read -r _; kill -INT $server; wait $server";
        let postgres = program("postgres", self.folder.path());
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(postgres.get_program()).args(postgres.get_args());
        shell.args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off"]);
        shell
            .args(["-c", "max_connections=1000", "-c", "autovacuum=off", "-D"])
            .arg(self.folder.path());
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.shell = Some(shell.spawn().unwrap());
        let begun = Instant::now();
        while PgConnection::connect(&self.url("postgres")).await.is_err() {
            assert!(begun.elapsed().as_secs() < 60, "PostgreSQL never answers");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends it at once: nothing is written out, and its next start recovers from its log.
    pub(crate) fn kill(&mut self) {
        assert!(Command::new("kill").args(["-QUIT", &self.pid()]).status().unwrap().success());
        let mut shell = self.shell.take().unwrap();
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }

    /// SIGKILL to all of it, as when it runs out of memory.
    pub(crate) fn crash(&mut self) {
        self.signal("-KILL");
        let mut shell = self.shell.take().unwrap();
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }

    /// Has all of it stand still, as a machine that is gone answers nothing; or go on.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.pid();
        let children = Command::new("pkill").args([signal, "-P", &pid]).status().unwrap();
        let itself = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(children.success() && itself.success());
    }

    fn pid(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("postmaster.pid")).unwrap();
        text.lines().next().unwrap().to_owned()
    }

    /// The URL of a new database.
    pub(crate) async fn database(&self, name: &str) -> String {
        self.execute("postgres", &format!("create database {name}")).await;
        // as in SQLite, for what tests ask of both
        let hex = "create function hex(bytea) returns text language sql \
                   as 'select encode($1, ''hex'')'";
        self.execute(name, hex).await;
        self.url(name)
    }

    /// Of one of its databases.
    fn url(&self, database: &str) -> String {
        format!("postgres://broker@127.0.0.1:{}/{database}", self.port)
    }

    pub(crate) async fn execute(&self, database: &str, statement: &str) {
        let mut connection = PgConnection::connect(&self.url(database)).await.unwrap();
        let statement = AssertSqlSafe(statement.to_owned());
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// A program of PostgreSQL, as the owner of its folder.
fn program(name: &str, folder: &Path) -> Command {
    let path = find(name);
    let owner = std::fs::metadata(folder).unwrap().uid();
    if owner != NOBODY {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(path);
    command
}

/// On the path, or where Debian has the programs of a server.
pub(crate) fn find(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let all = on_path.into_iter().chain(debian.into_iter().rev());
    let found = all.map(|folder| folder.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("{name} is missing: run ./just setup-store"))
}
