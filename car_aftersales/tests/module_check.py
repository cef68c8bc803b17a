import ast
import importlib
import inspect
import re
import types
from collections import defaultdict
from pathlib import Path

from lxml import etree

from odoo.modules.module import get_module_path
from odoo.tools.safe_eval import safe_eval

# Whom an add-on must not let write in its models: people without a desk in it
OUTSIDERS = ("base.group_user", "base.group_portal", "base.group_public")
VIEW_TYPES = (
    "form",
    "list",
    "search",
    "kanban",
    "calendar",
    "pivot",
    "graph",
    "activity",
)


class ModuleSelfCheck:
    """What holds for every model, view and menu of an add-on.

    Another add-on runs the same checks: inherit from this and a test case, and name
    ``module`` and ``_get_personas()``.
    """

    module = None
    allow_inherited_tests_method = True  # Odoo's loader skips them otherwise

    # === WHAT IS LOOKED AT === #

    def _get_personas(self):
        """Return the users whose menus are opened."""
        return self.env.ref("base.user_admin")

    def _get_own_models(self):
        """Return the models this add-on brings, without abstract ones."""
        return [
            self.env[name]
            for name, model in self.env.registry.items()
            if model._original_module == self.module and not model._abstract
        ]

    def _get_own_classes(self, model):
        """Return the classes this add-on contributes to a model, mixins included."""
        prefix = f"odoo.addons.{self.module}."
        return [cls for cls in type(model).mro() if cls.__module__.startswith(prefix)]

    def _get_own_records(self, model_name):
        """Map each technical record that this add-on brings to its XML id."""
        data = self.env["ir.model.data"].search(
            [("module", "=", self.module), ("model", "=", model_name)]
        )
        records = self.env[model_name].browse(data.mapped("res_id")).exists()
        names = {row.res_id: row.name for row in data}
        return {record: names[record.id] for record in records}

    def _get_sources(self):
        """Return the text of all models and wizards of the add-on."""
        root = Path(get_module_path(self.module))
        return "\n".join(
            path.read_text(encoding="utf-8")
            for path in sorted(root.rglob("*.py"))
            if "tests" not in path.relative_to(root).parts
        )

    def _collect(self, problems, heading):
        """Fail with all that was found, not with the first."""
        if problems:
            self.fail(f"{heading}\n  " + "\n  ".join(sorted(problems)))

    # === MODELS === #

    def test_models_are_described(self):
        self._collect(
            [
                model._name
                for model in self._get_own_models()
                if not model._description or model._description == model._name
            ],
            "Models without _description:",
        )

    def test_models_have_access_lines(self):
        problems = []
        outsiders = {self.env.ref(name).id: name for name in OUTSIDERS}
        for model in self._get_own_models():
            lines = self.env["ir.model.access"].search(
                [("model_id.model", "=", model._name)]
            )
            if not any(line.group_id and line.perm_read for line in lines):
                problems.append(f"{model._name}: no group may read it")
            for line in lines:
                changes = line.perm_write or line.perm_create or line.perm_unlink
                if not line.group_id:
                    problems.append(f"{model._name}: {line.name} is open to everybody")
                elif changes and line.group_id.id in outsiders:
                    group = outsiders[line.group_id.id]
                    problems.append(
                        f"{model._name}: {line.name} lets {group} change it"
                    )
        self._collect(problems, "Access lines:")

    def test_models_with_a_company_have_a_company_rule(self):
        problems = []
        for model in self._get_own_models():
            field = model._fields.get("company_id")
            if model._transient or not field or not (field.store or field.search):
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", model._name), ("groups", "=", False)]
            )
            if not any(
                "company_id" in rule.domain_force and "company_ids" in rule.domain_force
                for rule in rules
                if rule.domain_force and rule.perm_read and rule.perm_write
            ):
                problems.append(model._name)
        self._collect(problems, "Models without a company rule for everybody:")

    def test_company_of_links_is_checked(self):
        self._collect(
            [
                f"{model._name}: _check_company_auto is missing"
                for model in self._get_own_models()
                if not model._check_company_auto
                and any(
                    getattr(field, "check_company", False)
                    for field in model._fields.values()
                )
            ],
            "check_company=True has no effect:",
        )

    def test_inverse_links_have_an_index(self):
        problems = set()
        for model in self.env.registry.values():
            for field in model._fields.values():
                if field.type != "one2many" or not field.inverse_name:
                    continue
                comodel = self.env[field.comodel_name]
                inverse = comodel._fields.get(field.inverse_name)
                if (
                    inverse
                    and inverse.type == "many2one"
                    and inverse.store
                    and not inverse.index
                    and not comodel._transient
                    and comodel._auto
                    and inverse._module == self.module
                ):
                    problems.add(f"{comodel._name}.{inverse.name}")
        self._collect(problems, "Links without an index:")

    def test_labels_of_fields_differ(self):
        problems = []
        for name, model in self.env.registry.items():
            by_label = defaultdict(list)
            for field in model._fields.values():
                by_label[field.string].append(field)
            problems += [
                f"{name}: {label!r} is " + ", ".join(f.name for f in same)
                for label, same in by_label.items()
                if len(same) > 1 and any(f._module == self.module for f in same)
            ]
        self._collect(problems, "Fields with one label:")

    # === STATES === #

    def test_states_follow_their_table(self):
        problems = []
        for model in self._get_own_models():
            if not hasattr(model, "_state_steps"):
                continue
            table = model._state_steps()
            field = model._fields["state"]
            values = set(field.get_values(self.env))
            targets = {state for steps in table.values() for state in steps}
            first = next(iter(table))
            problems += [
                f"{model._name}: {text}"
                for text, wrong in {
                    "states of the table unknown to the field": (
                        (set(table) | targets) - values
                    ),
                    "values of the field absent from the table": (
                        values - set(table) - targets
                    ),
                    "states no step leads to": set(table) - targets - {first},
                    "steps that are not a name": {
                        step
                        for steps in table.values()
                        for step in steps.values()
                        if not re.fullmatch(r"[a-z][a-z0-9_]*", str(step))
                    },
                }.items()
                if wrong
                for text in [f"{text}: {', '.join(map(str, sorted(wrong)))}"]
            ]
            if model.default_get(["state"]).get("state") != first:
                problems.append(f"{model._name}: new ones are not {first!r}")
            if field.copy or not field.readonly:
                problems.append(f"{model._name}: state is copied or not readonly")
        self._collect(problems, "States:")

    def test_step_methods_belong_to_a_step(self):
        """A misspelled ``_check_<step>`` is never called and refuses nothing."""
        problems = []
        sources = self._get_sources()
        for model in self._get_own_models():
            if not hasattr(model, "_state_steps"):
                continue
            steps = {
                step for row in model._state_steps().values() for step in row.values()
            }
            for cls in self._get_own_classes(model):
                for name, method in vars(cls).items():
                    match = re.fullmatch(r"_(?:check|after)_(\w+)", name)
                    if (
                        match
                        and isinstance(method, types.FunctionType)
                        and match[1] not in steps
                        and not hasattr(method, "_constrains")
                        and not hasattr(method, "_ondelete")
                        and not re.search(rf"\.{name}\(", sources)
                    ):
                        problems.append(f"{model._name}: {name}() has no step")
        self._collect(set(problems), "Methods nobody calls:")

    # === VIEWS AND MENUS === #

    def test_views_are_named_after_their_model(self):
        problems = []
        for view, name in self._get_own_records("ir.ui.view").items():
            if view.type not in VIEW_TYPES or not view.model:
                continue
            stem = view.model.replace(".", "_")
            if not view.inherit_id:
                if not re.match(rf"{stem}_view_{view.type}(_|$)", name):
                    problems.append(f"{name}: should be {stem}_view_{view.type}")
                continue
            ancestor = (view.inherit_id.xml_id or "").rpartition(".")[2]
            own = not view.inherit_id.xml_id.startswith(f"{self.module}.")
            if own and not name.startswith(ancestor):
                problems.append(f"{name}: should keep the id {ancestor}")
            tail = ".inherit." + self.module.replace("_", ".")
            if tail not in (view.name or ""):
                problems.append(f"{name}: its name should end in {tail}")
        for action, name in self._get_own_records("ir.actions.act_window").items():
            stem = action.res_model.replace(".", "_")
            if not re.match(rf"{stem}_action(_|$)", name):
                problems.append(f"{name}: should be {stem}_action")
        self._collect(problems, "Names:")

    def test_views_suit_the_web_client(self):
        """Both mistakes pass the server and fail in the browser."""
        problems = []
        for view, name in self._get_own_records("ir.ui.view").items():
            if view.type == "kanban" and not view.inherit_id:
                tree = etree.fromstring(view.arch)
                if not tree.xpath("//templates/*[@t-name='card']"):
                    problems.append(f"{name}: no card template")
        for action, name in self._get_own_records("ir.actions.act_window").items():
            modes = action.view_mode.split(",")
            if unknown := set(modes) - {*VIEW_TYPES, "qweb", "hierarchy"}:
                problems.append(f"{name}: unknown view modes {sorted(unknown)}")
            problems += [
                f"{name}: {view.view_mode} is not in its view modes"
                for view in action.view_ids
                if view.view_mode not in modes
            ]
        self._collect(problems, "Views the browser refuses:")

    def test_dates_in_lists_measure_themselves(self):
        """A date of another year is longer than any width somebody thought of."""
        self._collect(
            [
                f"{xml_id}: {node.get('name')}"
                for view, xml_id in self._get_own_records("ir.ui.view").items()
                if view.model in self.env
                for node in etree.fromstring(view.arch).iter("field")
                if node.get("width") and self._is_date_column(view.model, node)
            ],
            "Dates cut by a fixed width:",
        )

    def _is_date_column(self, model_name, node):
        """Tell whether a node shows a plain date in a list, also in one of a form."""
        model = self.env[model_name]
        owners = [
            owner.get("name")
            for owner in reversed(list(node.iterancestors("field")))
            if owner.get("name") in model._fields
        ]
        for name in owners:
            model = self.env[model._fields[name].comodel_name]
        field = model._fields.get(node.get("name"))
        return (
            field is not None
            and field.type == "date"
            and node.get("widget") != "remaining_days"
        )

    def test_menus_open_for_everybody_who_sees_them(self):
        problems = []
        seen = set()
        menus = {menu.id: menu for menu in self._get_own_records("ir.ui.menu")}
        for user in self._get_personas():
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            seen |= visible & set(menus)
            for menu_id in sorted(visible & set(menus)):
                action = menus[menu_id].sudo().action
                if not action or action._name != "ir.actions.act_window":
                    continue
                try:
                    with self.env.cr.savepoint():
                        self._open_window(action, user)
                except Exception as error:
                    label = menus[menu_id].complete_name
                    problems.append(f"{user.login}: {label}: {str(error)[:300]}")
        problems += [
            f"nobody sees {menu.complete_name}"
            for menu_id, menu in menus.items()
            if menu.action and menu_id not in seen
        ]
        self._collect(problems, "Menus that do not open:")

    def _open_window(self, action, user):
        """Do what the web client does when a user opens a window."""
        model = self.env[action.res_model].with_user(user)
        context = self._evaluate(action.context or "{}", user)
        model = model.with_context(**context)
        views = {kind: view_id for view_id, kind in action.views}
        views["search"] = action.search_view_id.id
        result = model.get_views([[view_id, kind] for kind, view_id in views.items()])
        search = etree.fromstring(result["views"]["search"]["arch"])
        known = {node.get("name") for node in search.iter("filter", "field")}
        for key in context:
            name = key.removeprefix("search_default_")
            if name != key and name not in known:
                raise AssertionError(f"the search view has no {name!r}")
        if model._transient:
            return
        model.check_access("read")
        domain = self._evaluate(action.domain or "[]", user)
        for kind in set(views) & {"list", "kanban"}:
            tree = etree.fromstring(result["views"][kind]["arch"])
            names = {node.get("name") for node in self._get_top_fields(tree)}
            model.web_search_read(
                domain, {name: self._get_spec(model, name) for name in names}, limit=2
            )
        model.formatted_read_group(domain, [], ["__count"])
        if "form" in views:
            self._open_new_form(
                model, etree.fromstring(result["views"]["form"]["arch"])
            )

    def _open_new_form(self, model, tree):
        """Open an empty form, as far as the user may create records."""
        names = {node.get("name") for node in self._get_top_fields(tree)}
        for name in names:
            field = model._fields[name]
            if field.type in ("one2many", "many2many"):
                model.env[field.comodel_name].check_access("read")
        if tree.get("create") not in ("0", "false") and model.has_access("create"):
            model.onchange(
                {}, [], {name: self._get_spec(model, name) for name in names}
            )

    def _get_top_fields(self, tree):
        """Return the fields of a view that are not inside another field."""
        return [
            node for node in tree.iter("field") if not list(node.iterancestors("field"))
        ]

    def _get_spec(self, model, name):
        relational = model._fields[name].type in ("many2one", "many2many")
        return {"fields": {"display_name": {}}} if relational else {}

    def _evaluate(self, text, user):
        """Evaluate a context or domain the way the client does."""
        names = {
            "uid": user.id,
            "allowed_company_ids": user.company_ids.ids,
            "active_id": False,
            "active_ids": [],
            "context": {},
        }
        return safe_eval(text, names)

    # === TESTS === #

    def test_test_files_are_unique_and_imported(self):
        """Odoo runs one of two files of one name, and none that is not imported."""
        root = Path(get_module_path(self.module)) / "tests"
        package = importlib.import_module(f"odoo.addons.{self.module}.tests")
        by_name = defaultdict(list)
        for path in sorted(root.rglob("test_*.py")):
            by_name[path.stem].append(path)
        problems = [
            f"{name}.py is there {len(paths)} times"
            for name, paths in by_name.items()
            if len(paths) > 1
        ]
        for name, paths in by_name.items():
            loaded = getattr(package, name, None)
            if not inspect.ismodule(loaded) or Path(loaded.__file__) not in paths:
                problems.append(f"{name}.py is not imported")
        self._collect(problems, "Test files:")

    def test_test_methods_are_not_hidden_by_a_twin(self):
        """Of two methods of one name in a class only the last one runs."""
        root = Path(get_module_path(self.module)) / "tests"
        problems = []
        for path in sorted(root.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    names = [
                        n.name for n in node.body if isinstance(n, ast.FunctionDef)
                    ]
                    problems += [
                        f"{path.name}: {node.name}.{name}"
                        for name in set(names)
                        if names.count(name) > 1
                    ]
        self._collect(problems, "Test methods defined twice:")
