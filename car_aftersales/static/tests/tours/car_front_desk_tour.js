import { registry } from "@web/core/registry";

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (trigger, text) => ({ content: `type ${text}`, trigger, run: `edit ${text}` });
const fill = (name, text, inside = "") =>
    type(
        `${inside} .o_field_widget[name=${name}] input, ${inside} .o_field_widget[name=${name}] textarea`,
        text
    );
const openPage = (name, inside = "") =>
    click(`the page ${name}`, `${inside} .o_notebook_headers a[name=${name}]`);
const menu = (name, path) => [
    click(`the menu of ${name}`, "[data-menu-xmlid='car_aftersales.car_aftersales_menu_visits']"),
    click(name, `.o-dropdown--menu [data-menu-xmlid='car_aftersales.${path}']`),
];
const choose = (name, text, inside = "") => [
    fill(name, text, inside),
    click(`take ${text}`, `.o-autocomplete--dropdown-item:contains(${text})`),
];
// By position: the choices are told in the language of the user.
const select = (name, number, inside = ".modal") => [
    click(`open ${name}`, `${inside} .o_field_widget[name=${name}] input`),
    click(`choice ${number}`, `.o_select_menu_item:eq(${number})`),
];
const CLOSED = see("the dialog is closed", "body:not(:has(.modal))");
const CONFIRM = [click("confirm", ".modal footer .btn-primary:enabled:visible"), CLOSED];
const BACK = click("back", ".breadcrumb-item.o_back_button a");
const draw = () => [
    click("the signature pad", ".modal .o_field_widget[name=signature] .o_signature"),
    {
        content: "the name is drawn",
        trigger: ".modal .o_web_sign_signature",
        run: () => new Promise((resolve) => setTimeout(resolve, 500)),
    },
    click("sign", ".modal:has(.o_web_sign_signature) footer .btn-primary:enabled"),
    see("the signature is there", ".modal .o_field_widget[name=signature] img"),
    ...CONFIRM,
];
const addLine = (product, price) => [
    click("a line", ".modal .o_field_widget[name=line_ids] .o_field_x2many_list_row_add a"),
    type(".modal .o_selected_row .o_field_widget[name=product_id] input", product),
    click(`take ${product}`, `.o-autocomplete--dropdown-item:contains(${product})`),
    see(
        `it costs ${price}`,
        `.modal .o_selected_row .o_field_widget[name=price_unit] input:value(${price})`
    ),
];
const openJob = (name) => [
    click(`open ${name}`, `.o_field_widget[name=job_ids] .o_data_row:contains(${name}) td[name=name]`),
    see("its dialog", ".modal .o_field_widget[name=estimate_method]"),
];
const SAVE_JOB = [click("keep the job", ".modal .o_form_button_save"), CLOSED];

const CALL = [
    see("the start page of the desk", ".o_car_reception_search"),
    ...menu("enquiries", "car_enquiry_menu"),
    click("somebody calls", ".o_list_button_add"),
    fill("phone", "139 7777 0020"),
    fill("license_plate", "沪t-00020"),
    fill("question", "Squeals when braking"),
    click("keep it", ".o_form_button_save"),
    see("the car is known", ".o_field_widget[name=vehicle_id]:contains(沪T00020), .o_field_widget[name=vehicle_id] input:value(沪T00020)"),
    click("he wants to come", ".o_statusbar_buttons button[name=action_book]"),
    ...choose("team_id", "Morning Team"),
    click("keep it", ".o_form_button_save"),
    click("free times", "button[name=action_propose]"),
    openPage("times"),
    click(
        "the first one",
        ".o_field_widget[name=proposal_ids] .o_data_row:first button[name=action_take]"
    ),
    see("confirmed", ".o_arrow_button_current[data-value=confirmed]"),
];

const ARRIVAL = [
    ...menu("the desk", "car_reception_menu_desk"),
    type(".o_car_reception_search", "沪t-00020"),
    click("the car has come", ".o_car_reception_hit:contains(沪T00020)"),
    click("its data are right", ".o_car_reception_confirm"),
    click("it is expected", ".o_car_reception_card[data-key=appointment] .card-footer .btn-primary"),
    see(
        "the order has what was asked on the phone",
        ".o_field_widget[name=job_ids] .o_data_row:contains(Squeals when braking)"
    ),
];

const INTAKE = [
    click("what is missing leads to the intake", ".car_missing_list button[data-key=start]"),
    see("the intake", ".o_field_widget[name=kind], .o_notebook_headers a[name=damage]"),
    openPage("reception"),
    fill("odometer_km", "30500"),
    click("fuel", ".o_field_widget[name=fuel_level] .o_selection_badge:contains(1/2)"),
    openPage("damage"),
    click("a dent", ".car_damage_kinds button[data-kind=dent]"),
    click("on the drawing", ".car_damage_drawing img"),
    type(".car_damage_editor input", "5 cm && click .car_damage_kinds"),
    see("its letter", ".car_damage_mark.car_damage_dent:contains(D)"),
    openPage("belongings"),
    click("an article", ".o_field_widget[name=belonging_ids] .o_field_x2many_list_row_add a"),
    type(".o_field_widget[name=belonging_ids] .o_selected_row .o_field_widget[name=name] input", "Umbrella"),
    click("all the rest is as it should be", ".btn-primary[name=action_all_in_order]"),
    see("only the signatures are missing", ".btn-primary[name=action_sign_all]"),
    see("the key has its slot, the article its box", ".car_missing_list:not(:has(li:nth-child(3)))"),
    click("the customer signs once for all of it", ".btn-primary[name=action_sign_all]"),
    see("he sees for what", ".modal .o_field_widget[name=signed_text]:contains(Umbrella)"),
    ...draw(),
    see("all formalities are done", ".o_form_view .alert-success strong"),
    BACK,
    see("the order again", ".o_field_widget[name=job_ids]"),
];

const DIAGNOSIS = [
    openPage("intake"),
    click("a diagnosis", "button[name=action_diagnose]"),
    click("only with consent", ".btn-primary[name=action_ask_consent]"),
    see("the dialog", ".modal .o_field_widget[name=channel]"),
    ...select("channel", 1),
    ...CONFIRM,
    click("start", ".btn-primary[name=action_start]"),
    see("started", ".o_arrow_button_current[data-value=in_progress]"),
    openPage("checklist"),
    click("the rest is in order", "button[name=action_rest_ok]"),
    see("all is checked", "body:not(:has(button[name=action_rest_ok]))"),
    click("what is found", ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a"),
    type(".o_selected_row .o_field_widget[name=name] input", "Wet carpet"),
    click("a defect", ".o_selected_row .o_field_widget[name=result] .o_selection_badge:eq(3)"),
    click("keep it", ".o_form_button_save"),
    click("saved", ".o_form_saved .o_notebook_headers a[name=findings]"),
    fill("conclusion", "Water comes in by the sunroof"),
    fill("advice", "Seal it before winter"),
    click("finish", ".btn-primary[name=action_finish]"),
    see("done", ".o_arrow_button_current[data-value=done]"),
    click("make a job of it", ".btn-primary[name=action_create_jobs]"),
    see("made", "body:not(:has(.btn-primary[name=action_create_jobs]))"),
    BACK,
    openPage("jobs"),
    see("it is on the order", ".o_field_widget[name=job_ids] .o_data_row:contains(Wet carpet)"),
];

const ESTIMATE = [
    // by system
    ...openJob("Squeals"),
    ...choose("system_id", "Morning Brakes", ".modal"),
    ...addLine("Change Pads", "450.00"),
    ...SAVE_JOB,
    // by symptom, with its risk
    ...openJob("Wet carpet"),
    ...select("estimate_method", 1),
    see("the risk of the shop", ".modal .o_field_widget[name=risk_percent] input:value(20)"),
    ...addLine("Look for Water", "240.00"),
    ...SAVE_JOB,
    // by item, for a reason and after the notice
    click("one more", ".o_field_widget[name=job_ids] .o_field_x2many_list_row_add a"),
    fill("name", "Wiper blades", ".modal"),
    ...select("estimate_method", 2),
    ...select("item_reason", 2),
    ...addLine("Wiper Blades", "90.00"),
    ...SAVE_JOB,
    click("keep them", ".o_form_button_save"),
    see("kept", ".o_form_saved"),
    ...openJob("Wiper blades"),
    click("he is told", ".modal button[name=action_give_item_notice]"),
    see("it is written down", ".modal .o_field_widget[name=item_notice_at]:visible"),
    ...SAVE_JOB,
    click("make the estimate", ".btn-primary[name=action_estimate]"),
    see("estimated", ".o_arrow_button_current[data-value=estimate]"),
    click("when it will be ready", "button[name=action_change_promise]:visible"),
    see("the earliest", ".modal .o_field_widget[name=earliest_at]"),
    fill("reason", "Two more jobs", ".modal"),
    ...CONFIRM,
];

const CONTRACT = [
    click("the customer agrees", ".btn-primary[name=action_authorize]"),
    see("three jobs", ".modal .o_field_widget[name=line_ids] .o_data_row:eq(2)"),
    ...draw(),
    see("the contract is made", ".o_arrow_button_current[data-value=authorized]"),
    see("nothing left to save", ".o_form_saved"),
];

// A morning at the front desk, from the telephone to the signature.
registry.category("web_tour.tours").add("car_front_desk_tour", {
    steps: () => [...CALL, ...ARRIVAL, ...INTAKE, ...DIAGNOSIS, ...ESTIMATE, ...CONTRACT],
});
