import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What is still missing, one line each; a click leads to the place where it is given:
 * the page of this form, or whatever the server opens for it.
 */
export class CarMissingList extends Component {
    static template = "car_aftersales.CarMissingList";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    async onOpen(item, ev) {
        const form = ev.target.closest(".o_form_view");
        const opensDialog = item.key.startsWith("sign_");
        const tab = item.page && form?.querySelector(`.o_notebook a[name="${item.page}"]`);
        if (tab && !opensDialog) {
            tab.click();
            tab.scrollIntoView({ block: "nearest" });
            return;
        }
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_missing", [
            [record.resId],
            item.key,
        ]);
        if (action && action.type) {
            await this.action.doAction(action, { onClose: () => record.load() });
        } else {
            await record.load();
        }
    }
}

export const carMissingList = {
    component: CarMissingList,
    displayName: _t("List of what is missing"),
    supportedTypes: ["json"],
};

registry.category("fields").add("car_missing_list", carMissingList);
