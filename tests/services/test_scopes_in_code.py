"""Read from the code: who may look everywhere, and that nothing slips past the session's scope."""

import ast
from collections.abc import Iterator
from pathlib import Path

import training
from training.models import Base, ContentVersion, Job, Organisation, Replacement, Throttle

PACKAGE = Path(training.__file__).parent
SERVICES = sorted((PACKAGE / "services").glob("*.py"))

# Each of these must look across organisations: before anybody's is known, or for the operator of the service.
LOOK_EVERYWHERE = {
    "services/accounts.py": {
        "sign_in",
        "open_session",
        "list_places",
        "change_place",
        "find_viewer",
        "touch",
        "sign_out",
    },
    "services/carers.py": {"open_account"},
    "services/certificates.py": {"check_code"},
    "services/everybody.py": {"how_many", "list_organisations"},
    "services/counters.py": {"is_due_counted"},
    "services/health.py": {"what_is_wrong"},
    "services/invites.py": {"show_invite", "accept_invite", "join_account"},
    "services/job_claims.py": {"beat", "claim", "free_all", "hold", "last_runs", "release", "silent_since"},
    "services/organisations.py": {"ensure_public", "add_organisation", "find_organisation"},
    "services/pack_links.py": {"organisation_of"},
    "services/passkeys.py": {"ask_to_make", "keep", "take", "accept_invite", "checked"},
    "services/people.py": {"reset"},
    "services/personal.py": {"change_looks"},
    "services/push_devices.py": {"add_device", "see_device"},
    "services/report_schedules.py": {"order_due"},
    "services/tablets.py": {"find_device"},
    "services/task_claims.py": {"claim_next", "free_all", "tidy"},
    "services/throttles.py": {"check", "count"},
    "services/versions.py": {"keep_versions"},
}
NO_ORGANISATIONS = {ContentVersion, Job, Organisation, Replacement, Throttle}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_with(path: Path, name: str) -> Iterator[str]:
    """Yield every function, or the file itself, whose own lines use a name or a string."""
    whole = tree(path)
    inside = [node for node in ast.walk(whole) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in ast.walk(whole):
        used = (isinstance(node, ast.Name) and node.id == name) or (
            isinstance(node, ast.Constant) and node.value == name.lower()
        )
        if used:
            around = [each for each in inside if each.lineno <= node.lineno <= each.end_lineno]
            yield around[-1].name if around else "the file itself"


def test_only_the_functions_listed_here_look_everywhere():
    found = {
        path.relative_to(PACKAGE).as_posix(): set(functions_with(path, "EVERYWHERE"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "db.py"
    }
    assert {path: names for path, names in found.items() if names} == LOOK_EVERYWHERE


def test_services_write_no_sql_of_their_own_and_reach_no_bare_table():
    """Text and bare tables would pass the session by without its organisation."""
    for path in SERVICES:
        nodes = list(ast.walk(tree(path)))
        calls = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert not calls & {"text", "insert", "table"}, path.name
        assert not attributes & {"__table__", "exec_driver_sql", "metadata_", "bulk_save_objects"}, path.name
        assert not attributes & {"bulk_insert_mappings", "bulk_update_mappings", "connection_callable"}, path.name
        if path.name != "esr_mappings.py":  # Its columns are those of somebody's file.
            assert not attributes & {"columns"}, f"{path.name}: select columns_of(table), which know their organisation"


def test_insert_statements_are_only_for_tables_without_organisations():
    tables = {each.class_.__name__: each.class_ for each in Base.registry.mappers}
    found = set()
    for path in SERVICES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "insert_if_new":
                found.add(tables[node.args[1].id])
    assert found == NO_ORGANISATIONS
