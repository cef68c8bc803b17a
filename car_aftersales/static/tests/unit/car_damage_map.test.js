import { describe, expect, test } from "@odoo/hoot";
import { click, edit, queryAll, queryOne, queryRect, select } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Inspection extends models.Model {
    _name = "inspection";
    damage_ids = fields.One2many({ relation: "damage", relation_field: "inspection_id" });
    missing = fields.Json();
    _records = [
        {
            id: 1,
            damage_ids: [1],
            missing: [
                { key: "fuel", text: "Fuel level", page: "readings" },
                { key: "start", text: "Intake to begin", page: "" },
            ],
        },
    ];
}

class Damage extends models.Model {
    _name = "damage";
    inspection_id = fields.Many2one({ relation: "inspection" });
    x = fields.Float();
    y = fields.Float();
    kind = fields.Selection({
        selection: [
            ["scratch", "Scratch"],
            ["dent", "Dent"],
        ],
        default: "scratch",
    });
    note = fields.Char();
    _records = [{ id: 1, inspection_id: 1, x: 50, y: 50, kind: "dent", note: "5 cm" }];
}

defineMailModels();
defineModels([Inspection, Damage]);

const LIST = `<list><field name="x"/><field name="y"/><field name="kind"/><field name="note"/></list>`;

async function mountMap(attributes = "") {
    await mountView({
        type: "form",
        resModel: "inspection",
        resId: 1,
        arch: `<form><field name="damage_ids" widget="car_damage_map" ${attributes}>${LIST}</field></form>`,
    });
}

async function tap(x, y) {
    const box = queryRect(".car_damage_drawing");
    await click(".car_damage_drawing", {
        position: { x: box.width * x, y: box.height * y },
        relative: true,
    });
    await animationFrame();
}

test("a tap places a mark of the chosen kind", async () => {
    onRpc("inspection", "web_save", ({ args }) => {
        const [command, , values] = args[1].damage_ids[0];
        expect(command).toBe(0);
        expect(values.kind).toBe("dent");
        expect(Math.abs(values.x - 25)).toBeLessThan(1);
        expect(Math.abs(values.y - 80)).toBeLessThan(1);
        expect.step("saved");
    });
    await mountMap();
    expect(".car_damage_mark").toHaveCount(1);
    await contains(".car_damage_kinds [data-kind=dent]").click();
    await tap(0.25, 0.8);
    expect(".car_damage_mark").toHaveCount(2);
    await contains(".o_form_button_save").click();
    expect.verifySteps(["saved"]);
});

test("a tap on a mark opens it to change its kind and note", async () => {
    onRpc("inspection", "web_save", ({ args }) => {
        expect(args[1].damage_ids).toEqual([[1, 1, { kind: "scratch", note: "8 cm" }]]);
        expect.step("saved");
    });
    await mountMap();
    await contains(".car_damage_mark").click();
    expect(".car_damage_mark").toHaveCount(1);
    expect(queryOne(".car_damage_editor input").value).toBe("5 cm");
    await click(".car_damage_editor select");
    await select("scratch");
    await animationFrame();
    await click(".car_damage_editor input");
    await edit("8 cm", { confirm: "blur" });
    await animationFrame();
    expect(".car_damage_mark").toHaveClass("car_damage_scratch");
    await contains(".o_form_button_save").click();
    expect.verifySteps(["saved"]);
});

test("a mark is removed", async () => {
    await mountMap();
    await contains(".car_damage_mark").click();
    await contains(".car_damage_remove").click();
    expect(".car_damage_mark").toHaveCount(0);
    expect(".car_damage_editor").toHaveCount(0);
});

test("nobody places a mark on a closed inspection", async () => {
    await mountMap('readonly="1"');
    await tap(0.25, 0.8);
    expect(".car_damage_mark").toHaveCount(1);
    expect(".car_damage_kinds").toHaveCount(0);
    await contains(".car_damage_mark").click();
    expect(".car_damage_editor").toHaveText("Dent: 5 cm");
    expect(".car_damage_remove").toHaveCount(0);
});

test("what is missing leads to its page or to what the server opens", async () => {
    onRpc("inspection", "action_missing", ({ args }) => {
        expect.step(args[1]);
        return false;
    });
    await mountView({
        type: "form",
        resModel: "inspection",
        resId: 1,
        arch: `<form>
            <field name="missing" widget="car_missing_list"/>
            <notebook>
                <page name="first" string="First"/>
                <page name="readings" string="Readings"/>
            </notebook>
        </form>`,
    });
    expect(queryAll(".car_missing_list button")).toHaveLength(2);
    await contains(".car_missing_list [data-key=fuel]").click();
    expect(".o_notebook a[name=readings]").toHaveClass("active");
    await contains(".car_missing_list [data-key=start]").click();
    expect.verifySteps(["start"]);
});
