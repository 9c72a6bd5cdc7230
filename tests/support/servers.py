"""Engines that are programs of their own, started on this machine and ended: a PostgreSQL server, a Spark in local mode."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

USER, PASSWORD = "reader", "s3cret-of-the-tests"
_KINDS = {"int8": "smallint", "int32": "integer", "int64": "bigint", "double": "double precision", "bool": "boolean"}
_KINDS |= {"date32[day]": "date", "timestamp[ms]": "timestamp"}


class NoServer(Exception):
    """A server is not installed here, or does not start."""


class Postgres:
    """A PostgreSQL server of its own, on a free port of this machine, in a folder that goes with it."""

    def __init__(self) -> None:
        _program("initdb")  # without it there is no user of its name either
        self.folder = Path(tempfile.mkdtemp(prefix="atlas-postgres-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # it refuses to run as root
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)  # the folder itself is closed
        self._run(
            "initdb", "-D", "data", "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C", "-N"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """End it at once, as when the machine that it runs on goes away."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def address(self, table: str) -> str:
        """INCIDENTS_SOURCE for one of its tables."""
        return f"postgres://{USER}:{PASSWORD}@127.0.0.1:{self.port}/postgres?table={table}"

    def execute(self, *statements: str) -> None:
        """Do this, and commit it."""
        with self._connection() as connection:
            for statement in statements:
                connection.execute(statement)

    def put(self, name: str, table: pa.Table) -> None:
        """The table as one of its own."""
        columns = ", ".join(f'"{one.name}" {_KINDS.get(str(one.type), "text")}' for one in table.schema)
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({columns})")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)

    def _connection(self) -> Any:
        import psycopg  # only `make test-engines` installs it

        return psycopg.connect(host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname="postgres")

    def _run(self, program: str, *arguments: str) -> None:
        # Its output goes to a file: the server keeps what it was started with, and a pipe would never end.
        with (self.folder / "printed").open("w+") as printed:
            command = [_program(program), *arguments]
            done = subprocess.run(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                timeout=120,
                check=False,
                **self._as,
            )
            printed.seek(0)
            if done.returncode:
                raise NoServer(f"{program} ended with {done.returncode}:\n{printed.read()[-2000:]}")


def _program(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise NoServer(
            f"There is no {name} of PostgreSQL here. `make test-engines` installs it where it can: tools/setup/servers.sh."
        )
    return found


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A started server, ended and removed when the block is left."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        try:
            server.stop()
        finally:
            shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def spark(folder: Path) -> Iterator[Any]:
    """A Spark session in this process on two cores, without a page of its own, ended when the block is left."""
    from pyspark.sql import SparkSession

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        # To compile a program for each question takes longer than to answer it of some hundred rows.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
    }
    building = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in settings.items():
        building = building.config(name, value)
    session = building.getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield session
    finally:
        session.stop()
