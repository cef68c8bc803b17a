import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, mockTouch } from "@odoo/hoot-mock";
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

class Consent extends models.Model {
    _name = "consent";
    signed_by = fields.Char();
    signature = fields.Binary();
    _records = [{ id: 1, signed_by: "Wang Xiaoming", signature: false }];
}

defineMailModels();
defineModels([Consent]);

async function openPad() {
    onRpc("/web/sign/get_fonts/", () => ({}));
    await mountView({
        type: "form",
        resModel: "consent",
        resId: 1,
        arch: `<form>
            <field name="signed_by"/>
            <field name="signature" widget="car_signature" options="{'full_name': 'signed_by'}"/>
        </form>`,
    });
    await contains("[name=signature] .o_signature").click();
    await animationFrame();
}

test("with a finger the customer draws at once", async () => {
    mockTouch(true);
    await openPad();
    expect(".modal .o_web_sign_draw_button.active").toHaveCount(1);
});

test("with a mouse the name is proposed", async () => {
    mockTouch(false);
    await openPad();
    expect(".modal .o_web_sign_auto_button.active").toHaveCount(1);
});
