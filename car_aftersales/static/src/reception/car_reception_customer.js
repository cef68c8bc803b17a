import { Component, onWillStart, useState } from "@odoo/owl";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const TYPING_DELAY = 400;

/** A new car or customer, made in place; who might be the same is offered meanwhile. */
export class CarReceptionCustomer extends Component {
    static template = "car_aftersales.CarReceptionCustomer";
    static components = { RecordSelector };
    static props = { values: Object, choose: Function, made: Function, cancel: Function };

    setup() {
        this.orm = useService("orm");
        this.latest = new KeepLast();
        this.state = useState({
            values: {
                license_plate: "",
                vin: "",
                model_id: false,
                contact_name: "",
                phone: "",
                ...this.props.values,
            },
            duplicates: [],
            isBusy: false,
        });
        this.lookTyped = useDebounced(() => this.look(), TYPING_DELAY);
        onWillStart(() => this.look());
    }

    get hasCar() {
        return Boolean(this.state.values.vehicle_id);
    }

    get isComplete() {
        const { contact_name, license_plate, vin, model_id } = this.state.values;
        const isCarKnown = this.hasCar || !(license_plate || vin) || model_id;
        return Boolean(contact_name?.trim() && isCarKnown);
    }

    onInput(name, ev) {
        this.state.values[name] = ev.target.value;
        this.lookTyped();
    }

    onModel(id) {
        this.state.values.model_id = id;
    }

    async look() {
        this.state.duplicates = await this.latest.add(
            this.orm.call("car.reception", "get_duplicates", [{ ...this.state.values }])
        );
    }

    /** Take who is known already; a car that is before us becomes his page. */
    choose(hit) {
        const vehicle_id = hit.vehicle_id || this.state.values.vehicle_id || false;
        return this.props.choose({ ...hit, vehicle_id });
    }

    /** Give the new car to a customer who is known already. */
    chooseOwner(hit) {
        return this.make({ partner_id: hit.partner_id });
    }

    get canGiveCar() {
        const { license_plate, vin, model_id } = this.state.values;
        return !this.hasCar && Boolean((license_plate || vin) && model_id);
    }

    async make(extra = {}) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const values = { ...this.state.values, ...extra };
            const ids = await this.orm.call("car.reception", "make_customer", [values]);
            await this.props.made(ids);
        } finally {
            this.state.isBusy = false;
        }
    }
}
