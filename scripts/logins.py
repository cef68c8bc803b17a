"""Print who can log in to the demonstration database, with which password.

Runs inside `odoo shell`; `env` is there already. The passwords are not read from
anywhere: those that people use for demonstrations are tried.
"""

import os

modules = [
    name
    for name in env["ir.module.module"]
    .search([("state", "=", "installed")])
    .mapped("name")
    if "car_aftersales" in name
]
xmlids = env["ir.model.data"].search(
    [("model", "=", "res.users"), ("module", "in", modules)]
)
users = env["res.users"].browse(xmlids.mapped("res_id")).exists()
users = users.filtered("active") | env.ref("base.user_admin")
groups = env["res.groups"].browse(
    env["ir.model.data"]
    .search([("model", "=", "res.groups"), ("module", "in", modules)])
    .mapped("res_id")
)
env.cr.execute("SELECT id, password FROM res_users WHERE id IN %s", [tuple(users.ids)])
hashes = dict(env.cr.fetchall())
context = env["res.users"]._crypt_context()


def password_of(user):
    for candidate in (user.login, "demo", "admin"):
        if hashes[user.id] and context.verify(candidate, hashes[user.id]):
            return candidate
    return "?"


rows = [("Login", "Password", "Name", "Role")]
for user in users.sorted(lambda user: (user.share, user.id)):
    roles = (user.group_ids & groups).mapped("name")
    if user == env.ref("base.user_admin"):
        roles = ["Administrator"]
    elif user.share:
        roles = ["Customer (portal)"]
    rows.append((user.login, password_of(user), user.name, ", ".join(roles)))
widths = [max(len(row[column]) for row in rows) for column in range(3)]
for row in rows:
    print("  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]))

if url := os.environ.get("DEMO_URL"):
    env["ir.config_parameter"].set_param("web.base.url", url)
    env["ir.config_parameter"].set_param(
        "report.url", url.replace("localhost", "127.0.0.1")
    )
env.cr.commit()
