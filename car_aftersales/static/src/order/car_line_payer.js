import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";

/** Who pays a line: its payer, or in his place the shares of a line that is split. */
export class CarLinePayerField extends Component {
    static template = "car_aftersales.CarLinePayerField";
    static components = { Many2OneField };
    static props = { ...Many2OneField.props };

    get shares() {
        const { is_split, share_text } = this.props.record.data;
        return is_split ? share_text : "";
    }
}

registry.category("fields").add("car_line_payer", {
    ...buildM2OFieldDescription(CarLinePayerField),
    fieldDependencies: [
        { name: "is_split", type: "boolean" },
        { name: "share_text", type: "char" },
    ],
});
