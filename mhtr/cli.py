"""The `mhtr` command: demo, serve, migrate, audit and the checks of whoever runs it."""

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import config as settings
from mhtr import measures_cli, reports_cli
from mhtr.accounts import breached, from_console
from mhtr.app import create_app
from mhtr.core import audit, schema
from mhtr.core.database import db
from mhtr.core.errors import Refused


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the process's exit status."""
    parser = _parser()
    args = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = args.command
    try:
        return command(args)
    except settings.ConfigError as problem:
        print(problem, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mhtr")
    commands = parser.add_subparsers(required=True)
    demo = commands.add_parser("demo", help="serve a fictional programme")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--fresh", action="store_true", help="make the demonstration anew")
    demo.add_argument("--people", type=int, default=0)
    demo.set_defaults(command=_demo)
    production = commands.add_parser("serve", help="serve for real, behind a proxy that ends TLS")
    production.add_argument("--host", default="127.0.0.1")
    production.add_argument("--port", type=int, default=8000)
    production.add_argument("--workers", type=int, default=2, help="processes")
    production.add_argument("--threads", type=int, default=4, help="threads of each process")
    production.set_defaults(command=_serve)
    jobs = commands.add_parser("jobs", help="list what happens although nobody clicks")
    jobs.add_argument("names", nargs="*", help="only these jobs, e.g. escalate")
    jobs.add_argument("--run", action="store_true", help="run each job once")
    jobs.set_defaults(command=_jobs)
    timed = commands.add_parser("scheduler", help="run the jobs at their times")
    timed.add_argument("--beside", type=int, default=0, help="stop when this process has ended")
    timed.set_defaults(command=_scheduler)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(
        command=_migrate
    )
    commands.add_parser("check-migrations", help="models and migrations agree").set_defaults(
        command=_check_migrations
    )
    revision = commands.add_parser("new-migration", help="write the next numbered migration")
    revision.add_argument("message")
    revision.set_defaults(command=_new_migration)
    verify = commands.add_parser("verify-audit", help="walk the audit chain")
    verify.add_argument("--anchor", help="ROW:HASH noted earlier")
    verify.set_defaults(command=_verify_audit)
    measures_cli.add_commands(commands)
    reports_cli.add_commands(commands)
    _add_account_commands(commands)
    return parser


def _add_account_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    known = commands.add_parser("add-breached-passwords", help="refuse a published list as well")
    known.add_argument("list", type=Path, help="text file, one password a line")
    known.set_defaults(command=_add_breached_passwords)
    first = commands.add_parser(
        "first-administrator", help="make one of the two accounts that make others"
    )
    first.add_argument("--name", required=True)
    first.add_argument("--email", required=True, help="the name to sign in with")
    first.add_argument("--organisation", required=True, help="the treating trust")
    first.set_defaults(command=_first_administrator)
    again = commands.add_parser("invite", help="a new link for somebody who lost the password")
    again.add_argument("email")
    again.add_argument(
        "--reset-authenticator", action="store_true", help="the phone is lost as well"
    )
    again.set_defaults(command=_invite)


def _first_administrator(args: argparse.Namespace) -> int:
    return _invitation(
        lambda: from_console.make_first_administrator(
            name=args.name, email=args.email, organisation=args.organisation
        )
    )


def _invite(args: argparse.Namespace) -> int:
    return _invitation(
        lambda: from_console.invite_again(
            email=args.email, reset_authenticator=args.reset_authenticator
        )
    )


def _invitation(make: Callable[[], str]) -> int:
    app = create_app(settings.load(os.environ))
    with app.app_context():
        try:
            path = make()
        except Refused as refusal:
            print(" ".join(refusal.reasons), file=sys.stderr)
            return 1
    print("Open this at the address of the service. It works once, for a few days:")
    print(path)
    return 0


def _demo(args: argparse.Namespace) -> int:
    os.environ["MHTR_MODE"] = "demo"
    from mhtr.demo.serve import serve

    return serve(host=args.host, port=args.port, fresh=args.fresh, people=args.people)


def _serve(args: argparse.Namespace) -> int:
    from mhtr import serving

    found_settings = settings.load(os.environ)
    if found_settings.mode is not settings.Mode.PRODUCTION:
        raise settings.ConfigError(
            f"mhtr serve does not serve with MHTR_MODE={found_settings.mode}: take it away to "
            "serve real people; mhtr demo serves the fictional ones."
        )
    app = create_app(found_settings)
    with app.app_context():
        found, wanted = schema.current(), schema.head()
    if found != wanted:
        print(
            f"The database is at {found or 'nothing'}, this program needs {wanted}: "
            "run mhtr migrate first.",
            file=sys.stderr,
        )
        return 1
    serving.run(app, host=args.host, port=args.port, workers=args.workers, threads=args.threads)
    return 0


def _jobs(args: argparse.Namespace) -> int:
    from mhtr.core import formats
    from mhtr.jobs import table
    from mhtr.tasks import watch

    unknown = set(args.names) - {job.name for job in table.JOBS}
    if unknown:
        print(f"No job is called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    app = create_app(settings.load(os.environ))
    with app.app_context():
        for job in table.JOBS:
            if args.names and job.name not in args.names:
                continue
            done = f"  did {table.run(job)}" if args.run else ""
            print(f"{job.name:<20} every {job.minutes} minutes: {job.words}{done}")
            for line in watch.how_it_went(job.name, formats.moment):
                print(f"{'':<21}{line}")
    return 0


def _scheduler(args: argparse.Namespace) -> int:
    from mhtr.jobs import plans, scheduler, table

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(
        logging.WARNING
    )  # it would tell each look at the clock
    app = create_app(settings.load(os.environ))
    leadership = scheduler.Leadership()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        scheduler.scheduler(app, table.JOBS, leadership, beside=args.beside).start()
    except (KeyboardInterrupt, SystemExit):
        plans.ENDING.set()
        with app.app_context():
            leadership.give_up()
    return 0


def _migrate(_args: argparse.Namespace) -> int:
    app = create_app(settings.load(os.environ))
    with app.app_context():
        schema.upgrade()
        print(f"The database is at {schema.current()}.")
    return 0


def _throwaway(folder: str) -> settings.Config:
    return settings.load(
        {"MHTR_MODE": "test", "MHTR_DATABASE_URL": f"sqlite:///{Path(folder) / 'check.sqlite'}"}
    )


def _check_migrations(_args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_throwaway(folder))
        with app.app_context():
            schema.upgrade()
            found = schema.drift()
            db.engine.dispose()
    for line in found:
        print(line)
    print("Migrations and models differ." if found else "Migrations and models agree.")
    return 1 if found else 0


def _add_breached_passwords(args: argparse.Namespace) -> int:
    print(f"{breached.add(args.list)} passwords are refused as known from breaches.")
    return 0


def _new_migration(args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_throwaway(folder))
        with app.app_context():
            schema.upgrade()
            number = f"{int(schema.head() or 0) + 1:04d}"
            schema.new_revision(number, args.message)
            db.engine.dispose()
    return 0


def _verify_audit(args: argparse.Namespace) -> int:
    anchor = None
    if args.anchor:
        row, _, digest = args.anchor.partition(":")
        anchor = (int(row), digest)
    app = create_app(settings.load(os.environ))
    with app.app_context():
        verdict = audit.verify(anchor)
    if verdict.ok:
        print(f"The audit holds: {verdict.rows} rows. Anchor {verdict.rows}:{verdict.head}")
        return 0
    print(f"The audit does not hold from row {verdict.first_bad}: {verdict.reason}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
