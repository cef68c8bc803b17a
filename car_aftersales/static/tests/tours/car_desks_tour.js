import { registry } from "@web/core/registry";

// What the desks beside the advisor do in a visit: the clerk issues parts, the supervisor
// gives away what is his to give, the manager lets a car leave unpaid.

const see = (content, trigger) => ({ content, trigger });
const click = (content, trigger) => ({ content, trigger, run: "click" });
const edit = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });
const press = (name) => click(name, `.o_form_view .btn[name=${name}]:enabled`);
const tab = (name) => click(`go to ${name}`, `.nav-link[name=${name}]`);
const stateIs = (state) => see(state, `.o_arrow_button_current[data-value=${state}]`);
const field = (name) => `.modal .o_field_widget[name=${name}]`;
const closed = see("the dialog is closed", "body:not(:has(.modal))");
const confirm = [click("confirm", ".modal footer .btn-primary:enabled"), closed];
// By figures and names: the tours run in whatever language the database has.
const refused = (words) => [
    see("it is refused in words", `.o_error_dialog:contains(${words})`),
    click("understood", ".o_error_dialog footer .btn-primary"),
    see("gone", "body:not(:has(.o_error_dialog))"),
];
const card = (text) => click(`open ${text}`, `.o_data_row .o_data_cell:contains(${text})`);
const addTour = (name, ...steps) =>
    registry.category("web_tour.tours").add(name, {
        steps: () =>
            [
                ...steps.flat(Infinity),
                see("nothing left to save", "body:not(:has(.o_form_dirty))"),
            ].map((step) => ({ ...step, timeout: 30000 })),
    });

// === PARTS === //

const backToList = click("back", ".breadcrumb-item.o_back_button a");

addTour(
    "car_issue_tour",
    card("A12345"),
    see("for which car", ".o_field_widget[name=car_vehicle_id]:contains(A12345)"),
    see("the part", ".o_field_widget[name=move_ids] .o_data_row:contains(Brake Pads)"),
    see("also what is missing", ".o_field_widget[name=move_ids]:contains(Brake Discs)"),
    press("button_validate"),
    stateIs("done"),
    backToList,
    see("what is missing still waits", ".o_data_row:contains(A12345)")
);

addTour(
    "car_return_tour",
    stateIs("done"),
    click("parts come back", ".o_statusbar_buttons button:not([name^=do_print]):last"),
    see("the part", ".modal .o_data_row:contains(Brake Pads)"),
    click("how many", ".modal .o_data_row [name=quantity]"),
    edit("one of them", ".modal .o_data_row [name=quantity] input", "1"),
    click("make the return", ".modal footer .btn-primary:enabled"),
    closed,
    press("button_validate"),
    stateIs("done")
);

// === LEAVING ON CREDIT === //

addTour(
    "car_credit_refused_tour",
    press("action_create_invoices"),
    stateIs("posted"),
    click("back to the order", ".breadcrumb-item.o_back_button a"),
    press("action_issue_exit_pass"),
    refused("RO/")
);

addTour(
    "car_credit_tour",
    tab("payers"),
    click("open the customer", ".o_field_widget[name=payer_ids] .o_data_row .o_data_cell"),
    click("let him leave", ".modal .btn[name=action_authorize_credit]:enabled"),
    edit("why", ".modal .o_field_widget[name=reason] textarea", "Pays at the month's end"),
    click("confirm", ".modal:has([name=reason]) footer .btn-primary:enabled"),
    see("it is on the payer", `${field("credit_reason")}:contains(Pays at the month)`),
    click("close", ".modal .o_form_button_save, .modal .btn-close"),
    closed
);

addTour(
    "car_credit_leave_tour",
    press("action_issue_exit_pass"),
    see("the pass is there", "button[name=action_print_exit_pass]")
);

addTour(
    "car_credit_deliver_tour",
    press("action_deliver"),
    ...confirm,
    stateIs("delivered")
);

// === GOODWILL AND DISCOUNT === //

const setDiscount = (percent) => [
    click("open the line", ".o_data_row:contains(Brake Pads) button[name=action_split]"),
    edit("the discount", `${field("discount")} input`, `${percent} && press Tab`),
    click("keep it", ".modal .o_form_button_save:enabled"),
];
addTour(
    "car_discount_refused_tour",
    tab("lines"),
    setDiscount(30),
    refused("30.00"),
    click("leave it", ".modal .o_form_button_cancel"),
    closed
);

addTour("car_discount_tour", tab("lines"), setDiscount(15), closed);

addTour(
    "car_goodwill_tour",
    press("action_authorize"),
    see("the house answers", `${field("line_ids")} .o_data_row:contains(Brake Pads)`),
    ...confirm
);

addTour(
    "car_goodwill_refused_tour",
    press("action_authorize"),
    see("the house answers", `${field("line_ids")} .o_data_row:contains(Brake Pads)`),
    click("record it", ".modal footer .btn-primary:enabled"),
    refused("840.00"),
    click("leave it", ".modal footer .btn-secondary"),
    closed
);
