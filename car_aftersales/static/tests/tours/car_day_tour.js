import { registry } from "@web/core/registry";

// The parts of one day, each played by its own role. The test runs them in order; the end
// of the day is in car_exit_pass_tour.js and car_release_tour.js.

const see = (content, trigger) => ({ content, trigger });
const click = (content, trigger) => ({ content, trigger, run: "click" });
const edit = (content, trigger, text) => ({ content, trigger, run: `edit ${text}` });
const press = (name) => click(name, `.o_form_view .btn[name=${name}]:enabled`);
const stateIs = (state) => see(state, `.o_arrow_button_current[data-value=${state}]`);
const field = (name) => `.modal .o_field_widget[name=${name}]`;
const confirm = [
    click("confirm", ".modal footer .btn-primary:enabled"),
    see("the dialog is closed", "body:not(:has(.modal))"),
];
const choose = (name, text) => [
    edit(`look for ${text}`, `${field(name)} input`, text),
    click(`take ${text}`, `.o-autocomplete--dropdown-item:contains(${text})`),
];
const back = click("back", ".breadcrumb-item.o_back_button a");
const card = (text) => click(`open ${text}`, `.o_kanban_record:contains(${text})`);
const noSecrets = {
    content: "no price, no phone, no address",
    trigger: ".o_form_view",
    run: () => {
        for (const text of ["240.00", "420.00", "138 0013 8000", "中山路"]) {
            if (document.body.innerText.includes(text)) {
                throw new Error(`The technician sees ${text}`);
            }
        }
    },
};
const addTour = (name, ...steps) =>
    registry.category("web_tour.tours").add(name, {
        steps: () => [
            ...steps.flat(Infinity),
            see("nothing left to save", "body:not(:has(.o_form_dirty))"),
        ],
    });

addTour(
    "car_day_advisor_tour",
    click("the other things", ".nav-link[name=other]"),
    click("several teams", ".o_field_widget[name=needs_several_teams] input"),
    click("keep it", ".o_form_button_save"),
    see("saved", ".o_form_saved"),
    click("go to the intake", ".nav-link[name=intake]"),
    press("action_request_wash"),
    see("the washer knows", "body:not(:has(.btn[name=action_request_wash]:visible))")
);

addTour(
    "car_day_wash_tour",
    click("take the car", ".o_data_row:contains(A12345) button[name=action_begin]"),
    click("bring it back", ".o_data_row:contains(A12345) button[name=action_finish]"),
    see("nothing left to wash", "body:not(:has(button[name=action_finish]))")
);

addTour(
    "car_day_hand_over_tour",
    click("go to the intake", ".nav-link[name=intake]"),
    press("action_hand_over"),
    see("to the workshop", `${field("to_place")} input[data-value=workshop]:checked`),
    edit("who takes it", `${field("receiver_name")} input`, "Foreman Zhao && press Tab"),
    click("open the signature pad", `${field("signature")} .o_signature`),
    {
        content: "the name is drawn",
        trigger: ".modal .o_web_sign_signature",
        run: () => new Promise((resolve) => setTimeout(resolve, 500)),
    },
    click("sign", ".modal:has(.o_web_sign_signature) footer .btn-primary:enabled"),
    see("the signature is there", `${field("signature")} img`),
    confirm,
    see("the workshop has it", ".o_field_widget[name=car_holder]:contains(Foreman Zhao)")
);

const plan = (job, team, technician) => [
    card(job),
    press("action_plan"),
    choose("team_id", team),
    choose("technician_id", technician),
    confirm,
    see("it has its time", ".o_field_widget[name=planned_from]"),
    back,
];
addTour(
    "car_day_dispatch_tour",
    plan("Squeals when braking", "Team North", "Li Wei"),
    plan("Loses oil", "Team South", "Chen Gang"),
    see("back on the board", ".o_kanban_view")
);

const report = (name, urgency, operation) => [
    press("action_report_additional"),
    edit("what is needed", `${field("name")} input`, name),
    edit("why", `${field("cause")} textarea`, "Measured"),
    click("how urgent", `${field("urgency")} input[data-value=${urgency}]`),
    choose("labor_product_id", operation),
    confirm,
    see("it is reported", `.o_field_widget[name=additional_work_ids]:contains(${name})`),
];
addTour(
    "car_day_report_tour",
    card("Squeals when braking"),
    press("action_start"),
    stateIs("in_progress"),
    report("Discs are worn", "soon", "Replace Discs"),
    report("Brake hose is cracked", "safety", "Replace Hose"),
    noSecrets
);

addTour(
    "car_day_ask_tour",
    card("Discs are worn"),
    press("action_answer"),
    see("the price is told", `${field("line_ids")} .o_data_row:contains(Replace Discs)`),
    click(
        "open the time",
        `${field("promised_at")} input, ${field("promised_at")} button`
    ),
    edit("it takes longer", `${field("promised_at")} input`, "+9d && press Tab"),
    confirm,
    stateIs("agreed"),
    back,
    card("Brake hose is cracked"),
    press("action_answer"),
    click(
        "he does not want it",
        `${field("line_ids")} .o_data_row:contains(Replace Hose) [name=is_approved] input`
    ),
    confirm,
    stateIs("refused"),
    press("action_explain_danger"),
    see("the danger was explained", ".o_field_widget[name=danger_told_at]")
);

addTour(
    "car_day_work_tour",
    card("Squeals when braking"),
    see("the answers", ".o_field_widget[name=additional_work_ids] .text-bg-success"),
    press("action_pause"),
    click("why", `${field("reason")} input[data-value=tools]`),
    confirm,
    press("action_resume"),
    edit("what was wrong", ".o_field_widget[name=cause] textarea", "Pads worn down"),
    press("action_finish"),
    stateIs("done"),
    back,
    card("Discs are worn"),
    press("action_start"),
    press("action_finish"),
    stateIs("done"),
    noSecrets
);

addTour(
    "car_day_second_team_tour",
    card("Loses oil"),
    press("action_start"),
    press("action_finish"),
    stateIs("done"),
    noSecrets
);

addTour(
    "car_day_to_check_tour",
    press("action_request_quality_check"),
    stateIs("quality_check")
);

addTour(
    "car_day_fail_tour",
    press("action_send_back"),
    edit("what is wrong", `${field("reason")} input`, "Still loses oil"),
    confirm,
    stateIs("in_progress")
);

addTour(
    "car_day_rework_tour",
    card("Loses oil"),
    see("the reason", ".o_field_widget[name=rework_reason]:contains(Still loses oil)"),
    press("action_resume"),
    press("action_finish"),
    stateIs("done")
);

addTour(
    "car_day_pass_tour",
    press("action_request_quality_check"),
    press("action_pass_quality_check"),
    stateIs("ready")
);
