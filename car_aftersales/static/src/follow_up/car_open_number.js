import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A number that opens the list behind it: a method of the record says which. */
export class CarOpenNumber extends Component {
    static template = "car_aftersales.CarOpenNumber";
    static props = {
        ...standardFieldProps,
        action: { type: String },
        alarm: { type: Boolean, optional: true },
    };

    setup() {
        this.actionService = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    onOpen() {
        const { resModel, resId, context } = this.props.record;
        return this.actionService.doActionButton({
            type: "object",
            name: this.props.action,
            resModel,
            resId,
            resIds: [resId],
            context,
        });
    }
}

export const carOpenNumber = {
    component: CarOpenNumber,
    displayName: _t("Number that opens its list"),
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({
        action: options.action,
        alarm: Boolean(options.alarm),
    }),
};

registry.category("fields").add("car_open_number", carOpenNumber);
