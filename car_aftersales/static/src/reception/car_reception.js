import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CarReceptionBoard } from "./car_reception_board";
import { CarReceptionCustomer } from "./car_reception_customer";

const MODEL = "car.reception";
// Less is looked for on Enter only: two letters find half of the town.
const MIN_CHARACTERS = 3;
const TYPING_DELAY = 300;
const NO_DETAILS = { complaint: "", bay_id: false, is_confirmed: false, is_introduced: false };

/**
 * The front desk on one screen: find who has come, see what is known of the car, write
 * the arrival down and take the next step.
 */
export class CarReception extends Component {
    static template = "car_aftersales.CarReception";
    static components = { CarReceptionBoard, CarReceptionCustomer };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("search");
        this.latest = new KeepLast();
        this.canScan = isBarcodeScannerSupported();
        this.state = useState({
            text: "",
            hits: null,
            guess: {},
            page: null,
            details: { ...NO_DETAILS },
            isNew: false,
            isBusy: false,
            board: { columns: [], done: 0, gone: 0 },
        });
        this.searchTyped = useDebounced(() => this.search(), TYPING_DELAY);
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => {
            this.state.text = ev.detail.barcode;
            this.search(true);
        });
        useSetupAction({ getLocalState: () => this.getLocalState() });
        useEffect(
            () => this.input.el?.focus(),
            () => []
        );
        onWillStart(() => this.restore());
    }

    // Coming back from an order, the screen shows the car it was opened for.
    getLocalState() {
        const { text, page, details } = this.state;
        return { text, details: { ...details }, query: page && this.getQuery(page) };
    }

    async restore() {
        const { text, details, query } = this.props.state || {};
        if (query) {
            Object.assign(this.state, { text, details });
            await this.showPage(query, true);
        }
        await this.refreshBoard();
    }

    getQuery(page) {
        return {
            vehicle_id: page.vehicle_id,
            partner_id: page.partner_id,
            appointment_id: page.appointment_id,
            reception_id: page.reception ? page.reception.id : false,
        };
    }

    call(method, ...args) {
        return this.orm.call(MODEL, method, args);
    }

    // Finding

    onInput(ev) {
        this.state.text = ev.target.value;
        if (this.state.text.trim().length >= MIN_CHARACTERS) {
            this.searchTyped();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.searchTyped.cancel();
            this.state.text = ev.target.value;
            this.search(true);
        } else if (ev.key === "Escape") {
            this.clear();
        }
    }

    async onScan() {
        const text = await scanBarcode(this.env);
        if (text) {
            this.state.text = text;
            await this.search(true);
        }
    }

    /**
     * @param {boolean} isDone whether the text is complete: a single hit is opened
     */
    async search(isDone = false) {
        const text = this.state.text.trim();
        if (!text) {
            return;
        }
        const { hits, guess } = await this.latest.add(this.call("find", text));
        Object.assign(this.state, { hits, guess, page: null, isNew: false });
        if (isDone && hits.length === 1) {
            await this.showPage(hits[0]);
        }
    }

    clear() {
        this.searchTyped.cancel();
        Object.assign(this.state, { text: "", hits: null, page: null, isNew: false });
        this.state.details = { ...NO_DETAILS };
        this.input.el?.focus();
    }

    // Showing

    async showPage(query, keepsDetails = false) {
        const { vehicle_id, partner_id, appointment_id, reception_id } = query;
        const page = await this.latest.add(
            this.call("get_page", { vehicle_id, partner_id, appointment_id, reception_id })
        );
        if (!keepsDetails) {
            this.state.details = { ...NO_DETAILS };
        }
        const details = this.state.details;
        if (page.reception) {
            details.complaint = details.complaint || page.reception.complaint;
            details.bay_id = details.bay_id || page.reception.bay_id;
        }
        Object.assign(this.state, { page, hits: null, isNew: false });
    }

    async reload() {
        await this.refreshBoard();
        if (this.state.page) {
            await this.showPage(this.getQuery(this.state.page), true);
        }
    }

    async refreshBoard() {
        this.state.board = await this.call("get_board");
    }

    get isUnknown() {
        const { page } = this.state;
        return page && !page.partner_id;
    }

    get takenBay() {
        const { page, details } = this.state;
        const bay = page.bays.find((one) => one.id === details.bay_id);
        return bay && bay.id !== page.reception?.bay_id ? bay.taken : "";
    }

    onBay(ev) {
        this.state.details.bay_id = Number(ev.target.value) || false;
    }

    openTarget([resModel, resId]) {
        return this.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    onLine(line) {
        if (line.page) {
            return this.showPage(line.page);
        }
        return line.target && this.openTarget(line.target);
    }

    onButton(button) {
        return button.target ? this.openTarget(button.target) : this.start(button.values);
    }

    doAction(action) {
        return this.action.doAction(action, { onClose: () => this.reload() });
    }

    // Doing

    /** One thing at a time: a second tap must not start it again. */
    async once(work) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            return await work();
        } finally {
            this.state.isBusy = false;
        }
    }

    start(values, proceed = true) {
        return this.once(async () => {
            const { page, details } = this.state;
            const caller = page.partner_id ? {} : page.caller;
            const { id, action } = await this.call(
                "start",
                {
                    ...caller,
                    vehicle_id: page.vehicle_id,
                    partner_id: page.partner_id,
                    ...details,
                    ...values,
                },
                proceed
            );
            if (action) {
                await this.action.doAction(action);
            } else {
                page.reception = { ...page.reception, id };
                await this.reload();
            }
        });
    }

    /** Take a step of the arrival that is shown, or of one on the board. */
    step(method, id) {
        return this.once(async () => {
            const action = await this.orm.call(MODEL, method, [[id]]);
            if (action?.res_model) {
                await this.doAction(action);
            } else {
                await this.reload();
            }
        });
    }

    /** Send to the lounge or call back; what was typed meanwhile is kept. */
    async toggleLounge(arrival) {
        const method = arrival.state === "lounge" ? "action_serve" : "action_wait";
        await this.start({}, false);
        await this.step(method, arrival.id);
    }

    confirm(name, method) {
        const { page, details } = this.state;
        if (page.reception) {
            return this.step(method, page.reception.id);
        }
        details[name] = !details[name];
    }

    openBoardItem(item) {
        const { vehicle_id, partner_id, id } = item;
        return this.showPage({ vehicle_id, partner_id, reception_id: id });
    }

    // New customers

    makeNew() {
        this.state.isNew = true;
    }

    get newValues() {
        const { page, guess } = this.state;
        return page ? { ...page.caller, vehicle_id: page.vehicle_id } : { ...guess };
    }

    async onMade(ids) {
        const { page } = this.state;
        await this.showPage({
            ...ids,
            appointment_id: page ? page.appointment_id : false,
            reception_id: page?.reception ? page.reception.id : false,
        });
        this.state.text = "";
    }
}

registry.category("actions").add("car_aftersales_reception", CarReception);
